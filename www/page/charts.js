/**
 * Charts that the core has drawn: a title, a sentence, the picture and the figures behind it. Of many of one sort, such as one
 * for each column, a few are shown and any other can be chosen.
 *
 * The pictures come as text. They are parsed as XML, where nothing runs, and copied part by part: only shapes and words.
 */

import { h, svg } from './dom.js';
import { sheet } from './sheet.js';
import { count } from './words.js';

const SHOWN = 6;

/** What a picture may be made of. */
const PARTS = new Set(['svg', 'g', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'text', 'tspan', 'title']);

/** The charts of one side, or null. */
export function chartList(charts) {
  if (charts.length === 0) return null;
  const sorts = grouped(charts);
  return h('div', { class: 'chart-list' }, [...sorts.values()].flatMap(several));
}

/** `spread-1` and `spread-2` are of one sort. */
const sort = ({ key }) => key.replace(/-\d+$/, '');

function grouped(charts) {
  const sorts = new Map();
  for (const chart of charts) sorts.set(sort(chart), [...(sorts.get(sort(chart)) ?? []), chart]);
  return sorts;
}

function several(charts) {
  const first = h('div', { class: 'charts' }, charts.slice(0, SHOWN).map(chart));
  if (charts.length <= SHOWN) return first;
  const place = h('div', { class: 'charts', 'aria-live': 'polite' });
  const others = charts.slice(SHOWN);
  const show = () => place.replaceChildren(...(select.value === '' ? [] : [chart(others[select.value])]));
  const select = h('select', { id: `any-${sort(charts[0])}`, onchange: show }, h('option', { value: '' }, 'Choose one'), others.map(({ title }, index) => h('option', { value: index }, title)));
  return [
    first,
    h('div', { class: 'field any' }, h('label', { for: select.id }, 'Look at any other'), select, h('p', { class: 'hint' }, `Above are the ${SHOWN} of ${count(charts.length)} that differ most.`)),
    place,
  ];
}

function chart({ title, sentence, svg: text, table }) {
  return h(
    'figure',
    { class: 'chart-card card' },
    h('figcaption', {}, h('h4', {}, title), h('p', { class: 'sentence' }, sentence)),
    picture(text, title),
    table.rows.length > 0 && h('details', {}, h('summary', {}, 'Figures behind this chart'), sheet(table.heads, table.rows, `Figures of: ${title}`)),
  );
}

let policy;

function picture(text, title) {
  policy ??= globalThis.trustedTypes?.createPolicy('standin-charts', { createHTML: (text) => text }) ?? { createHTML: (text) => text };
  const { documentElement } = new DOMParser().parseFromString(policy.createHTML(text), 'image/svg+xml');
  const drawn = copy(documentElement);
  if (drawn?.tagName !== 'svg') return h('p', { class: 'hint' }, 'This picture could not be shown; its figures are below.');
  drawn.setAttribute('role', 'img');
  drawn.setAttribute('aria-label', title); // what it shows, the sentence above says
  return drawn;
}

function copy(element) {
  if (!PARTS.has(element.localName)) return null;
  const attributes = [...element.attributes].filter(({ name, value }) => !/^(on|aria-|style$|id$|xmlns|href$|xlink:)/.test(name) && !value.includes('url('));
  const children = [...element.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : node.nodeType === Node.ELEMENT_NODE ? copy(node) : null));
  return svg(element.localName, Object.fromEntries(attributes.map(({ name, value }) => [name, value])), ...children);
}
