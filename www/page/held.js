/**
 * What was held back: values that too few rows share. Which ones, only the person whose table it is can see, here and now.
 */

import { h } from './dom.js';
import { count, plural } from './words.js';

/** A short sentence, and the values on demand; null where nothing was held back, or nobody knows. */
export function heldBack({ heldBack, info }) {
  const tails = info.columns.filter((column) => column.heldBack.lowTail || column.heldBack.highTail);
  if (!heldBack || (heldBack.length === 0 && tails.length === 0)) return null;
  return h(
    'section',
    { class: 'held', 'aria-label': 'Held back' },
    h('h3', {}, 'Held back'),
    heldBack.length > 0 && h('p', {}, told(heldBack, info)),
    tails.length > 0 && h('p', {}, ends(tails)),
    heldBack.length > 0 &&
      h(
        'details',
        {},
        h('summary', {}, 'Which values'),
        h('p', { class: 'hint' }, 'These are real values of your table. They are shown here alone: neither the synthetic file nor a saved model has them. How many must share a value is set under \u201cMore options\u201d.'),
        h('dl', {}, heldBack.flatMap(listed)),
      ),
  );
}

/** "14 values of 3 columns are shared by fewer than 5 rows: they were replaced by commoner ones." */
function told(columns, { minSupport, entity }) {
  const of = entity === null ? 'rows' : `persons (by \u201c${entity}\u201d)`;
  const values = columns.reduce((sum, column) => sum + column.count, 0);
  const pooled = columns.filter((column) => column.pooled);
  const where = columns.length === 1 ? `\u201c${columns[0].column}\u201d` : plural(columns.length, 'column');
  const they = values === 1 ? 'it was' : 'they were';
  const instead =
    pooled.length === columns.length
      ? `${they} written as _RARE_`
      : `${they} replaced by commoner ones${pooled.length > 0 ? `, and in ${names(pooled.map(({ column }) => column))} written as _RARE_` : ''}`;
  return `${plural(values, 'value')} of ${where} ${values === 1 ? 'is' : 'are'} shared by fewer than ${count(minSupport)} ${of}: ${instead}.`;
}

/** "The lowest and highest numbers of “age” are made up to fit the others, not copied." */
function ends(columns) {
  const has = (tail) => columns.some(({ heldBack }) => heldBack[tail]);
  const which = has('lowTail') && has('highTail') ? 'lowest or highest' : has('lowTail') ? 'lowest' : 'highest';
  return `The ${which} numbers of ${names(columns.map(({ name }) => name))} are made up to fit the others, not copied.`;
}

/** Three names at most. */
function names(all) {
  const quoted = all.slice(0, 3).map((name) => `\u201c${name}\u201d`);
  if (all.length > 3) return `${quoted.slice(0, 2).join(', ')} and ${plural(all.length - 2, 'other column')}`;
  return quoted.length < 2 ? quoted[0] : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

function listed({ column, count: all, rows, values }) {
  const shown = values.map((value) => (value === '' ? '(empty)' : value)).join(' \u00b7 ');
  const more = all > values.length ? ` \u00b7 and ${count(all - values.length)} more` : '';
  return [h('dt', {}, `${column}: ${plural(all, 'value')}, ${plural(rows, 'row')}`), h('dd', {}, shown + more)];
}
