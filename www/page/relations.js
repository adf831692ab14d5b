/**
 * What holds between columns, in plain sentences: the first few at once, the rest on demand.
 */

import { h } from './dom.js';
import { plural } from './words.js';

const SHOWN = 6;

/** What a reader looks for first; what says least comes last. */
const ORDER = ['sum', 'remainder', 'product', 'linear', 'order', 'dependency', 'missingWhere', 'missingTogether', 'key', 'recoding', 'duplicate', 'constant', 'empty', 'nonNegative'];

/** Shows `relations` of an inspection in `host`; nothing at all where there are none. */
export function showRelations(host, relations) {
  const place = ({ kind }) => (ORDER.indexOf(kind) + ORDER.length + 1) % (ORDER.length + 1);
  const sorted = [...relations].sort((a, b) => place(a) - place(b));
  const [first, rest] = [sorted.slice(0, SHOWN), sorted.slice(SHOWN)];
  const list = (some) => h('ul', { class: 'relations' }, some.map(({ sentence }) => h('li', {}, sentence)));
  host.hidden = sorted.length === 0;
  host.replaceChildren(
    ...(sorted.length === 0
      ? []
      : [
          h('h3', {}, 'What holds between columns'),
          h('p', { class: 'hint' }, `${plural(sorted.length, 'rule')} found in your rows and counted on all of them. Sums, products, multiples and orders that no row breaks hold in every synthetic row; the others as far as they are learned.`),
          list(first),
          rest.length > 0 && h('details', { class: 'more-relations' }, h('summary', {}, `${plural(rest.length, 'more rule')}`), list(rest)),
        ].filter(Boolean)),
  );
}
