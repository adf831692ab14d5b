/**
 * What lies behind the figures of a side, as tables that open. Each is a few lines: its side, its title, and how a part of the
 * report becomes rows. One that a report does not have, or has empty, is not shown.
 */

import { h } from './dom.js';
import { folded, share } from './sheet.js';
import { percent } from './words.js';

const WORST = 10;

/** { side, title, hint, heads, of }: `of` gives the rows of a report, worst first. */
const FINDINGS = [
  {
    side: 'truth',
    title: 'Columns that differ most',
    heads: ['Column', 'Likeness', 'Held-out rows'],
    of: ({ columns }) => [...columns].sort((a, b) => a.value - b.value).map(({ name, value, ceiling }) => [name, percent(value, 1), share(ceiling)]),
  },
  {
    side: 'truth',
    title: 'Pairs of columns that differ most',
    heads: ['Pair', 'Likeness', 'Held-out rows'],
    of: ({ pairs }) => pairs.map(({ a, b, value, ceiling }) => [`${a} and ${b}`, percent(value, 1), share(ceiling)]),
  },
  {
    side: 'utility',
    title: 'What the prediction rests on',
    hint: 'How much each column has a say in the prediction.',
    heads: ['Column', 'Real rows', 'Synthetic rows', 'Held-out rows'],
    of: ({ importances = [] }) => importances.map(({ column, real, synthetic, holdout }) => [column, share(real), share(synthetic), share(holdout)]),
  },
  {
    side: 'utility',
    title: 'Coefficients of a regression',
    hint: 'With their 95\u00a0% intervals. Where the two overlap, a study on the synthetic rows would conclude much the same.',
    heads: ['Term', 'Real rows', 'Synthetic rows', 'Overlap'],
    of: ({ coefficients = [] }) => coefficients.map(({ name, real, synthetic, overlap }) => [name, estimate(real), estimate(synthetic), share(overlap)]),
  },
  {
    side: 'utility',
    title: 'What adding synthetic rows does',
    hint: 'How well the column is predicted from your rows with synthetic ones added to them, beyond what yours alone do.',
    heads: ['Added for each real row', 'Gain', 'By chance between'],
    of: ({ advice }) => (advice?.tried ?? []).map(({ times, gain, interval }) => [number(times), number(gain), interval.map(number).join(' and ')]),
  },
  {
    side: 'fairness',
    title: 'Groups that differ most',
    hint: 'Real rows first, then synthetic ones. The outcome is the rarer of two answers in the column that is predicted, of several the commonest; of a number, to be above its median.',
    heads: ['Group', 'Share', 'Outcome'],
    of: ({ groups }) => groups.map(({ column, name, shares, rates }) => [`${column}: ${name}`, fromTo(shares), fromTo(rates)]),
  },
];

/** The tables of one side. */
export function findings(side, report) {
  const own = FINDINGS.filter((finding) => finding.side === side).map((finding) => ({ ...finding, rows: finding.of(report).slice(0, WORST) }));
  return own.filter(({ rows }) => rows.length > 0).map(({ title, hint, heads, rows }) => folded(title, hint, heads, rows));
}

/** Three digits that count. */
const number = (value) => (value === null || value === undefined ? '–' : `${value < 0 ? '\u2212' : ''}${digits.format(Math.abs(value))}`);
const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** An estimate and its ends. */
const estimate = ([value, low, high]) => `${number(value)} (${number(low)} to ${number(high)})`;

/** Real and synthetic; a share that too few rows tell is a dash. */
const fromTo = ([real, , made]) => [real, made].map(share).join(' → ');

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

/** What the report advises, and what else can be tried, of one side. `generations` tries it, where the library can. */
export function trials(side, { advice }, { generations }) {
  return [
    side === 'utility' && advice && h('p', { class: 'notice' }, advice.sentence),
    side === 'fairness' &&
      generations &&
      h('div', { class: 'notice' }, h('p', {}, 'What becomes of a table when models learn from it, others from what those write, and so on? Five generations show whether rare things are lost.'), h('button', { type: 'button', class: 'button small', onclick: generations }, 'Test what happens when models learn from this table')),
  ].filter(Boolean);
}
