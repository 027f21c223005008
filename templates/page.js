/*
 * page.js - what a browser that runs scripts adds to a page: tables that are
 * searched, filtered, sorted and copied, and links that open what they lead
 * to.  It reads the page it is in, and asks for nothing else.
 */
(function () {
'use strict';

function make(name, text) {
	var e = document.createElement(name);

	if (text !== undefined)
		e.textContent = text;
	return e;
}

/* What is written in an element, without its signs. */
function text(cell) {
	var walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT),
	    words = [];

	while (walker.nextNode())
		if (!walker.currentNode.parentNode.hasAttribute('aria-hidden'))
			words.push(walker.currentNode.nodeValue);
	return words.join(' ').replace(/\s+/g, ' ').trim();
}

/* What a cell is sorted by: its data-v, else what it says. */
function value(row, i) {
	var cell = row.cells[i];

	if (cell === undefined)
		return '';
	return cell.hasAttribute('data-v') ? cell.getAttribute('data-v') :
	    text(cell);
}

function compare(a, b) {
	var x = parseFloat(a.replace(/,/g, '')),
	    y = parseFloat(b.replace(/,/g, ''));

	if (!isNaN(x) && !isNaN(y) && x !== y)
		return x - y;
	return a.localeCompare(b, 'en', { numeric: true });
}

/* RFC 4180, and nothing that a spreadsheet would run as a formula. */
function csv(rows) {
	return rows.map(function (row) {
		return Array.prototype.map.call(row.cells, function (cell) {
			var s = text(cell);

			if (/^[=+\-@]/.test(s))
				s = "'" + s;
			return /[",\n]/.test(s) ?
			    '"' + s.replace(/"/g, '""') + '"' : s;
		}).join(',');
	}).join('\r\n') + '\r\n';
}

function copy(s, done) {
	function old() {
		var area = make('textarea');

		area.value = s;
		area.setAttribute('readonly', '');
		document.body.appendChild(area);
		area.select();
		done(document.execCommand('copy'));
		document.body.removeChild(area);
	}

	if (navigator.clipboard && window.isSecureContext)
		navigator.clipboard.writeText(s).then(function () {
			done(true);
		}, old);
	else
		old();
}

/* "#issues&q=ssl&f1=high": a place, and how its table is filtered. */
function place() {
	var parts = location.hash.slice(1).split('&'), state = {};

	parts.slice(1).forEach(function (part) {
		var at = part.indexOf('=');

		try {
			if (at > 0)
				state[part.slice(0, at)] = decodeURIComponent(
				    part.slice(at + 1));
		} catch (e) {
			/* somebody else's fragment: no filter then */
		}
	});
	return { id: parts[0], state: state };
}

function Table(table) {
	var own = this;

	this.table = table;
	this.body = table.tBodies[0];
	this.rows = Array.prototype.slice.call(this.body.rows);
	this.head = table.tHead.rows[table.tHead.rows.length - 1];
	this.section = table.closest('section[id],article[id]');
	this.bar = make('div');
	this.bar.className = 'tools';
	this.bar.setAttribute('role', 'search');
	this.bar.setAttribute('aria-label', table.getAttribute('data-tools'));
	this.selects = [];
	this.addSearch();
	Array.prototype.forEach.call(this.head.cells, function (th, i) {
		if (th.hasAttribute('data-filter'))
			own.addSelect(th, i);
		own.addSort(th, i);
	});
	this.addCopy();
	this.count = make('output');
	this.bar.appendChild(this.count);
	(table.closest('.scroll') || table).before(this.bar);
}

Table.prototype.addSearch = function () {
	var own = this, label = make('label', 'Search these rows');

	this.search = make('input');
	this.search.type = 'search';
	this.search.addEventListener('input', function () {
		own.filter(true);
	});
	label.appendChild(this.search);
	this.bar.appendChild(label);
};

Table.prototype.addSelect = function (th, i) {
	var own = this, seen = {}, label = make('label', text(th)),
	    select = make('select');

	this.rows.forEach(function (row) {
		seen[row.cells[i].getAttribute('data-f') ||
		    text(row.cells[i])] = 1;
	});
	select.appendChild(make('option', 'all'));
	select.options[0].value = '';
	Object.keys(seen).sort(compare).forEach(function (name) {
		select.appendChild(make('option', name));
	});
	select.addEventListener('change', function () {
		own.filter(true);
	});
	label.appendChild(select);
	this.bar.appendChild(label);
	this.selects.push({ at: i, select: select });
};

Table.prototype.addSort = function (th, i) {
	var own = this, button = make('button');

	if (th.hasAttribute('data-still'))
		return;
	button.type = 'button';
	while (th.firstChild)
		button.appendChild(th.firstChild);
	button.addEventListener('click', function () {
		own.sort(th, i);
	});
	th.appendChild(button);
};

Table.prototype.addCopy = function () {
	var own = this, button = make('button', 'Copy as CSV');

	button.type = 'button';
	button.addEventListener('click', function () {
		var rows = own.rows.filter(function (row) {
			return !row.hidden;
		});

		copy(csv([own.head].concat(rows)), function (ok) {
			own.count.textContent = ok ? rows.length +
			    ' rows copied' : 'The browser did not copy';
		});
	});
	this.bar.appendChild(button);
};

Table.prototype.sort = function (th, i) {
	var own = this, down = th.getAttribute('aria-sort') === 'ascending';

	Array.prototype.forEach.call(this.head.cells, function (other) {
		other.removeAttribute('aria-sort');
	});
	th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
	this.rows.map(function (row, n) {
		return { row: row, n: n, v: value(row, i) };
	}).sort(function (a, b) {
		var c = compare(a.v, b.v);

		return c === 0 ? a.n - b.n : down ? -c : c;
	}).forEach(function (x) {
		own.body.appendChild(x.row);
	});
	this.rows = Array.prototype.slice.call(this.body.rows);
};

Table.prototype.matches = function (row, words) {
	var said = text(row).toLowerCase();

	return words.every(function (word) {
		return said.indexOf(word) >= 0;
	}) && this.selects.every(function (s) {
		var cell = row.cells[s.at];

		return s.select.value === '' || s.select.value ===
		    (cell.getAttribute('data-f') || text(cell));
	});
};

Table.prototype.filter = function (tell) {
	var own = this, shown = 0, state = [],
	    words = this.search.value.toLowerCase().split(/\s+/)
	    .filter(Boolean);

	this.rows.forEach(function (row) {
		row.hidden = !own.matches(row, words);
		shown += row.hidden ? 0 : 1;
	});
	this.count.textContent = shown === this.rows.length ? '' :
	    shown + ' of ' + this.rows.length + ' rows';
	if (!tell || !this.section)
		return;
	if (this.search.value !== '')
		state.push('q=' + encodeURIComponent(this.search.value));
	this.selects.forEach(function (s) {
		if (s.select.value !== '')
			state.push('f' + s.at + '=' +
			    encodeURIComponent(s.select.value));
	});
	history.replaceState(null, '', '#' +
	    [this.section.id].concat(state).join('&'));
};

Table.prototype.restore = function (state) {
	this.search.value = state.q || '';
	this.selects.forEach(function (s) {
		s.select.value = state['f' + s.at] || '';
	});
	this.filter(false);
};

var tables = Array.prototype.map.call(
    document.querySelectorAll('table[data-tools]'), function (table) {
	return new Table(table);
});

/* Open what a link leads to. */
function arrive() {
	var at = place(), target = document.getElementById(at.id), p;

	if (!target)
		return;
	for (p = target; p; p = p.parentElement)
		if (p.tagName === 'DETAILS')
			p.open = true;
	tables.forEach(function (t) {
		if (t.section === target && Object.keys(at.state).length > 0)
			t.restore(at.state);
	});
	target.scrollIntoView();
}

window.addEventListener('hashchange', arrive);
document.addEventListener('keydown', function (e) {
	var field = document.querySelector('.tools input');

	if (e.key !== '/' || e.ctrlKey || e.metaKey || e.altKey || !field ||
	    /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName))
		return;
	e.preventDefault();
	field.focus();
});

/* On paper everything is open. */
var shut = [];
window.addEventListener('beforeprint', function () {
	shut = Array.prototype.filter.call(
	    document.querySelectorAll('details'), function (d) {
		return !d.open;
	});
	shut.forEach(function (d) {
		d.open = true;
	});
});
window.addEventListener('afterprint', function () {
	shut.forEach(function (d) {
		d.open = false;
	});
});
arrive();
}());
