/**
 * Tables of figures: names on the left, figures on the right. One that may be wider than a telephone scrolls by itself.
 */

import { h } from './dom.js';
import { percent } from './words.js';

const NARROW = 3; // columns that fit a telephone

/** `heads`: texts; `rows`: lists of texts, the first of each its name. `label` is what a screen reader is told of a wide one. */
export function sheet(heads, rows, label) {
  const figures = heads.map((_, place) => place > 0 && rows.every((cells) => isFigure(cells[place])));
  const table = h(
    'table',
    { class: heads.length > NARROW ? 'figures wide' : 'figures' },
    h('thead', {}, h('tr', {}, heads.map((text, place) => h('th', { scope: 'col', class: figures[place] && 'figure' }, text)))),
    h('tbody', {}, rows.map(([first, ...rest]) => h('tr', {}, h('th', { scope: 'row' }, first), rest.map((text, place) => h('td', { class: figures[place + 1] && 'figure' }, text))))),
  );
  return heads.length > NARROW ? h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': label }, table) : table;
}

/** The same behind a summary. */
export const folded = (title, hint, heads, rows) => h('details', {}, h('summary', {}, title), hint && h('p', { class: 'hint' }, hint), sheet(heads, rows, title));

/** A share; a dash where too few rows tell. */
export const share = (value) => (value === null || value === undefined ? '–' : percent(value, 1));

/** Columns of figures stand to the right, words to the left. */
const isFigure = (text) => /^[<>+\u2212-]?\s?\d|^–/.test(text);
