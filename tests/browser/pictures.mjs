/*
 * pictures.mjs REPORT CHROMIUM DIRECTORY - the pictures of docs/, of a report
 * that story.sh made: wide, narrow, dark, printed.
 */
import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const require = createRequire(process.env.MODULES + '/');
const { chromium } = require('playwright-core');
const [report, program, out] = process.argv.slice(2);
const image = 'subjects/' + readdirSync(join(report, 'subjects'))
    .find((n) => n.includes('shop-web-1.4'));
const browser = await chromium.launch({ executablePath: program,
	args: ['--no-sandbox'] });

async function picture(name, page, width, height, options = {}) {
	const context = await browser.newContext({
		viewport: { width, height }, ...options
	});
	const tab = await context.newPage();

	await tab.goto('file://' + join(report, page));
	await tab.screenshot({ path: join(out, name) });
	await context.close();
}

await picture('report.png', 'index.html', 1200, 1210);
await picture('report-narrow.png', 'index.html', 390, 1000);
await picture('report-dark.png', image + '#content', 1200, 1000,
    { colorScheme: 'dark' });
await picture('report-requirement.png', 'requirements/2.2.html', 1200, 960);
const tab = await (await browser.newContext()).newPage();
await tab.goto('file://' + join(report, 'index.html'));
await tab.pdf({ path: join(out, 'report.pdf'), format: 'Letter' });
await browser.close();
execFileSync('pdftoppm', ['-r', '80', '-png', '-f', '1', '-l', '1',
    '-singlefile', join(out, 'report.pdf'), join(out, 'report-printed')]);
