/*
 * pages.mjs REPORT CHROMIUM - the pages of a report, in a real browser.
 *
 * Run by tests/conformance/browser.py, which makes the report and says where
 * playwright-core and axe-core are (NODE_PATH).  Prints a line for what is
 * wrong and at the end "N passed, N failed".
 */
import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const require = createRequire(process.env.MODULES + '/');
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [report, program] = process.argv.slice(2);
const url = (name) => 'file://' + encodeURI(join(report, name));
let passed = 0, failed = 0;

function ok(what, is, why = '') {
	if (is) {
		passed++;
		return;
	}
	failed++;
	console.log(`FAIL ${what}${why === '' ? '' : ': ' + why}`);
}

function pages(folder = '') {
	return readdirSync(join(report, folder), { withFileTypes: true })
	    .flatMap((e) => e.isDirectory() ? pages(join(folder, e.name)) :
	    e.name.endsWith('.html') ? [join(folder, e.name)] : []).sort();
}

/* A page that says what it asks for and complains of. */
async function open(browser, name, options = {}) {
	const context = await browser.newContext({
		viewport: { width: 1280, height: 900 }, ...options
	});
	const page = await context.newPage();
	const said = [];

	page.on('console', (m) => {
		if (m.type() === 'error' || m.type() === 'warning')
			said.push(m.text());
	});
	page.on('pageerror', (e) => said.push(String(e)));
	page.on('dialog', (d) => {
		said.push('dialog ' + d.message());
		d.dismiss();
	});
	page.on('request', (r) => {
		if (r.resourceType() !== 'document' ||
		    !r.url().startsWith('file:'))
			said.push('request ' + r.url());
	});
	await page.goto(url(name));
	return { page, said, close: () => context.close() };
}

async function eachPage(browser, scheme) {
	for (const name of pages()) {
		const { page, said, close } = await open(browser, name,
		    { colorScheme: scheme });

		await page.evaluate(axe);
		const found = await page.evaluate(() => axe.run(document, {
			runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',
			    'wcag22aa', 'section508', 'best-practice']
		}));
		for (const v of found.violations)
			ok(`${name} ${scheme}`, false, `${v.id}: ${v.help}; ` +
			    v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) +
			    ' ' + (n.any[0]?.message ?? '')).join(' | '));
		ok(name, found.violations.length === 0, 'axe');
		ok(name, said.length === 0, said.join('; '));
		ok(name, await page.evaluate(() =>
		    typeof window.pwned === 'undefined'), 'a script ran');
		await close();
	}
}

/* Every link of our own leads somewhere. */
async function links(browser) {
	const ids = new Map(), wanted = [];
	const { page, close } = await open(browser, 'index.html',
	    { javaScriptEnabled: false });

	for (const name of pages()) {
		await page.goto(url(name));
		ids.set(url(name), new Set(await page.locator('[id]')
		    .evaluateAll((all) => all.map((e) => e.id))));
		wanted.push(...(await page.locator('a[href]').evaluateAll(
		    (all) => all.map((a) => a.href))).map((h) => [name, h]));
	}
	for (const [from, href] of wanted) {
		const [to, rest = ''] = href.split('#');
		const id = rest.split('&')[0];

		if (!to.endsWith('.html'))
			continue;
		ok('link in ' + from, ids.has(to) && (id === '' ||
		    ids.get(to).has(decodeURIComponent(id))), href);
	}
	await close();
}

const shown = (page, table) => page.locator(`${table} tbody tr:visible`)
    .count();

async function tables(browser) {
	const { page, close } = await open(browser, 'index.html');
	const t = '#requirements table';

	ok('29 requirements', await shown(page, t) === 29);
	await page.locator('#requirements .tools input').fill('privileged');
	const some = await shown(page, t);
	ok('search', some > 0 && some < 29, String(some));
	ok('search is in the address', page.url().includes(
	    '#requirements&q=privileged'), page.url());
	await page.reload();
	ok('a filtered link is filtered again', await shown(page, t) === some);
	await page.locator('#requirements .tools input').fill('');
	await page.locator('#requirements .tools select').first()
	    .selectOption('CAT II');
	ok('filter', (await page.locator(`${t} tbody tr:visible td:nth-child(2)`)
	    .allTextContents()).every((x) => x.trim() === 'CAT II'));
	await page.locator('#requirements .tools select').first()
	    .selectOption('');
	await page.locator(`${t} th button`).nth(4).click();
	await page.locator(`${t} th button`).nth(4).click();
	const n = (await page.locator(`${t} tbody tr td:nth-child(5) b`)
	    .allTextContents()).map(Number);
	ok('sort', n.every((x, i) => i === 0 || n[i - 1] >= x), n.join());
	ok('sort is said', await page.locator(`${t} th`).nth(4)
	    .getAttribute('aria-sort') === 'descending');
	await close();
}

async function csv(browser) {
	const { page, close } = await open(browser, 'index.html',
	    { permissions: ['clipboard-read', 'clipboard-write'] });

	await page.locator('#requirements .tools button').click();
	await page.waitForFunction(() => document.querySelector(
	    '#requirements output').textContent.includes('29 rows'));
	const text = await page.evaluate(() => navigator.clipboard.readText());
	ok('CSV', text.split('\r\n').length === 31 &&
	    text.startsWith('Requirement,CAT,'), text.slice(0, 80));
	await close();
}

/* By the keyboard alone: to the search, to a requirement, back. */
async function keyboard(browser) {
	const { page, close } = await open(browser, 'index.html');

	await page.keyboard.press('Tab');
	ok('the first stop skips', await page.evaluate(() =>
	    document.activeElement.classList.contains('skip')));
	await page.keyboard.press('Enter');
	ok('skipped', page.url().endsWith('#main'));
	await page.keyboard.press('/');
	ok('/ searches', await page.evaluate(() =>
	    document.activeElement.type === 'search'));
	await page.goto(url('index.html') + '#requirements');
	await page.locator('#requirements .tools input').focus();
	await page.keyboard.type('2.18');
	for (let i = 0; i < 40; i++) {
		await page.keyboard.press('Tab');
		if (await page.evaluate(() => document.activeElement.matches(
		    '#requirements tbody a')))
			break;
	}
	await page.keyboard.press('Enter');
	await page.waitForURL('**/requirements/2.18.html');
	ok('a requirement by keys alone', (await page.locator('h1')
	    .textContent()).length > 0);
	await close();
}

async function deep(browser) {
	const name = pages().find((p) => p.startsWith('subjects/') &&
	    p.includes('shop-web-1.4'));
	const { page, close } = await open(browser, name);

	await page.goto(url(name) + '#r-2.3');
	const box = await page.locator('[id="r-2.3"]').boundingBox();
	ok('a deep link arrives', box.y > -5 && box.y < 300, JSON.stringify(box));
	ok('an excerpt of the evidence is there', await page.locator(
	    '.excerpt .here').count() > 0);
	await close();
}

/* Without scripts everything is there, and nothing that needs them. */
async function plain(browser) {
	const { page, close } = await open(browser, 'index.html',
	    { javaScriptEnabled: false });

	ok('no script: all rows', await page.locator('#requirements tbody tr')
	    .count() === 29);
	ok('no script: no dead controls', await page.locator('.tools').count()
	    === 0);
	await close();
}

async function zoom(browser) {
	for (const name of pages().filter((p) => !p.includes('/') ||
	    p.startsWith('subjects/'))) {
		const { page, close } = await open(browser, name,
		    { viewport: { width: 320, height: 640 } });

		ok(`${name} at 320 px`, await page.evaluate(() =>
		    document.documentElement.scrollWidth <= 320),
		    'wider than its window');
		await close();
	}
}

function pdfText(file) {
	return execFileSync('pdftotext', ['-layout', file, '-'],
	    { maxBuffer: 1 << 28 }).toString();
}

/* What paper must hold: every verdict, every reason, open or not. */
async function print(browser) {
	const { page, close } = await open(browser, 'index.html');
	const name = pages().find((p) => p.startsWith('subjects/') &&
	    p.includes('shop-web-1.4'));
	const squeeze = (s) => s.replace(/\s+/g, '');

	for (const format of ['Letter', 'A4']) {
		const file = join(report, `print-${format}.pdf`);

		await page.goto(url('index.html'));
		await page.pdf({ path: file, format, preferCSSPageSize: false });
		const text = pdfText(file), first = text.split('\f')[0];
		ok(`${format}: the brief is the first page`,
		    /The question/.test(first) && /expire/.test(first) &&
		    /Read these first/.test(first) &&
		    !/What is missing, does not fit/.test(first),
		    first.slice(-300));
		await page.goto(url(name));
		const reasons = await page.locator('.reasons li').evaluateAll(
		    (all) => all.map((e) => e.children[1].firstChild.textContent));
		await page.pdf({ path: file, format });
		const all = squeeze(pdfText(file));
		const lost = reasons.filter((r) => !all.includes(
		    squeeze(r).slice(0, 40)));
		ok(`${format}: all ${reasons.length} reasons are printed`,
		    reasons.length > 20 && lost.length === 0, lost[0]);
		ok(`${format}: what is folded is printed`,
		    all.includes('Howitisdecided') && all.includes('Looked'));
	}
	await close();
}

/* A filter hides rows on the screen, not on paper. */
async function printFiltered(browser) {
	const { page, close } = await open(browser, 'index.html');
	const file = join(report, 'print-filtered.pdf');

	await page.locator('#requirements .tools input').fill('2.18');
	await page.pdf({ path: file, format: 'A4' });
	ok('filtered rows are printed', pdfText(file).includes('3.11'));
	await close();
}

async function marked(browser) {
	const { page, close } = await open(browser, 'index.html');
	const texts = await page.locator('.marking').allTextContents();

	if (process.env.MARKING) {
		const file = join(report, 'print-marked.pdf');

		ok('marked at both ends', texts.length === 2 && texts.every(
		    (t) => t === process.env.MARKING), texts.join());
		await page.pdf({ path: file, format: 'Letter' });
		const sheets = pdfText(file).split('\f').slice(0, -1);
		ok('every sheet is marked at both ends', sheets.every((t) =>
		    t.split(process.env.MARKING).length === 3));
	}
	await close();
}

const browser = await chromium.launch({ executablePath: program,
	args: ['--no-sandbox'] });
for (const part of [links, tables, csv, keyboard, deep, plain, zoom, print,
    printFiltered, marked]) {
	try {
		await part(browser);
	} catch (e) {
		ok(part.name, false, String(e).slice(0, 600));
	}
}
await eachPage(browser, 'light');
await eachPage(browser, 'dark');
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
