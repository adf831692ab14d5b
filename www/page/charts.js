/**
 * Charts that the core has drawn: a title, a sentence, the picture and the figures behind it. Of the ones for single columns,
 * `spread-1` and so on, a few are shown and any other can be chosen.
 *
 * The pictures come as text. They are parsed as XML, where nothing runs, and copied part by part: only shapes and words.
 */

import { h, svg } from './dom.js';
import { sheet } from './sheet.js';
import { count } from './words.js';

const SHOWN = 6;

/** What a picture may be made of. */
const PARTS = new Set(['svg', 'g', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'text', 'tspan', 'title']);

/** The charts of one side, or null. Those of columns come with the columns that differ most first. */
export function chartList(side, report) {
  const own = report.charts.filter((chart) => chart.side === side && !isOverview(chart));
  if (own.length === 0) return null;
  const ofColumns = own.filter(isOfColumn);
  return h('div', { class: 'chart-list' }, h('div', { class: 'charts' }, own.filter((one) => !isOfColumn(one)).map(chart)), ofColumns.length > 0 && columnCharts(ofColumns, report));
}

/** All figures of each side, as pictures. */
export const overviews = ({ charts }) => h('div', { class: 'charts' }, charts.filter(isOverview).map(chart));

const isOverview = ({ key }) => key.startsWith('figures-');
const isOfColumn = ({ key }) => key.startsWith('spread-');

function columnCharts(charts, { columns, distributions }) {
  const likeness = new Map(columns.map(({ name, value }) => [name, value]));
  const of = ({ key }) => likeness.get(distributions?.[key.slice('spread-'.length) - 1]?.column) ?? 1;
  const worst = [...charts].sort((a, b) => of(a) - of(b)).slice(0, SHOWN);
  const others = charts.filter((chart) => !worst.includes(chart));
  const place = h('div', { class: 'charts', 'aria-live': 'polite' });
  const show = () => place.replaceChildren(...(select.value === '' ? [] : [chart(others[select.value])]));
  const select = h('select', { id: 'other-column', onchange: show }, h('option', { value: '' }, 'Choose one'), others.map(({ title }, index) => h('option', { value: index }, title)));
  return [
    h('div', { class: 'charts' }, worst.map(chart)),
    others.length > 0 && h('div', { class: 'field any' }, h('label', { for: select.id }, 'Look at another column'), select, h('p', { class: 'hint' }, `Above are the ${SHOWN} of ${count(charts.length)} that differ most.`)),
    others.length > 0 && place,
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
