/**
 * What was tried with the model itself, what it holds, what the report advises, and what else can be tried.
 */

import { h } from './dom.js';
import { folded } from './sheet.js';
import { count, percent } from './words.js';

/** What a trial on halves of the rows found of single rows in the model. */
export function remembered({ dcrShare, membership, outliers, steps, met }) {
  const rows = [
    ['Synthetic rows nearest to a row they were learned from', percent(dcrShare, 1)],
    ['Guesses of who was in the table, by nearness', percent(membership, 1)],
    ['The same for the oddest rows', percent(outliers, 1)],
  ];
  const softened = steps > 0 ? ' So that less is remembered, it was learned less sharply than this setting usually does.' : '';
  const beyond = met ? '' : ' That is more than this setting should allow: choose Cautious, or share the rows only with people you would trust with the real ones.';
  const hint = `Before the fit, one was tried on half of your rows alone, and attacked with the other half. A fit on all rows remembers less of each.${softened}${beyond}`;
  const table = folded(`Memory of single rows: ${percent(Math.max(dcrShare, membership), 1)}, where 50\u00a0% is none`, hint, ['Attack', 'Success'], rows);
  table.classList.toggle('beyond', !met);
  return table;
}

/** What the saved model tells to whoever reads it. */
export function disclosed({ columns, madeUp, levels, numbers, spans, tails, pairs, fewestRows, heldBack }) {
  const rows = [
    ['Names of columns', columns],
    ['Columns whose values are made up, and not stored', madeUp],
    ['Words, each shared by many rows', levels],
    ['Numbers and dates, each shared by many rows', numbers],
    ['Stretches between neighbouring numbers', spans],
    ['Ends of numbers, each as a formula', tails],
    ['Counts of rows that have values of two columns together', pairs],
    ['Fewest rows behind one of these', fewestRows],
    ['Words that too few share, and that are not in it', heldBack],
  ];
  return folded('What the saved model holds', null, ['What', 'How many'], rows.map(([what, many]) => [what, count(many)]));
}

/** What the report advises of one side. */
export const advised = (side, { advice }) => side === 'utility' && advice && h('p', { class: 'notice' }, advice.sentence);

/** A way to try what becomes of the table in five generations of models, where `start` can. */
export const collapse = (side, start) =>
  side === 'fairness' &&
  start &&
  h(
    'div',
    { class: 'notice' },
    h('p', {}, 'What becomes of this table when a model learns from it, another from what that one writes, and so on? Five generations show whether rare things are lost.'),
    h('button', { type: 'button', class: 'button small', onclick: start }, 'Test what happens when models learn from this table'),
  );
