/**
 * What lies behind the figures of a side, as tables that open. Each is a few lines: its side, its title, and how a part of the
 * report becomes rows. One that a report does not have, or has empty, is not shown.
 */

import { folded, share } from './sheet.js';
import { count, percent } from './words.js';

const WORST = 10;

/** { side, title, hint, heads, of }: `of` gives the rows of a report, worst first. */
const FINDINGS = [
  {
    side: 'truth',
    title: 'Columns that differ most',
    heads: ['Column', 'Likeness', 'Held-out rows'],
    of: ({ columns }) => [...columns].sort((a, b) => a.value - b.value).map(likeness(({ name }) => name)),
  },
  {
    side: 'truth',
    title: 'Pairs of columns that differ most',
    heads: ['Pair', 'Likeness', 'Held-out rows'],
    of: ({ pairs }) => pairs.map(likeness(({ a, b }) => `${a} and ${b}`)),
  },
  {
    side: 'truth',
    title: 'Three columns at a time that differ most',
    heads: ['Columns', 'Likeness', 'Held-out rows'],
    of: ({ marginals }) => (marginals?.worst ?? []).map(likeness(({ columns }) => columns.join(', '))),
  },
  {
    side: 'truth',
    title: 'Correlations that differ most',
    hint: 'From 0, no connection, to 1; below 0 one falls where the other rises.',
    heads: ['Pair', 'Real rows', 'Held-out rows', 'Synthetic rows'],
    of: ({ correlations }) => (correlations?.pairs ?? []).map(({ a, b, values }) => [`${a} and ${b}`, ...values.map(number)]),
  },
  {
    side: 'truth',
    title: 'Rules of your table that are broken',
    hint: 'Of the rows that could break a rule, the share that does.',
    heads: ['Rule', 'Real rows', 'Held-out rows', 'Synthetic rows'],
    of: ({ facts = [] }) => facts.map(({ sentence, broken }) => [sentence, ...broken.map(share)]),
  },
  {
    side: 'truth',
    title: 'Columns that are missing together',
    heads: ['Missing, and nothing else', 'Real rows', 'Held-out rows', 'Synthetic rows'],
    of: ({ gaps = [] }) => gaps.map(({ columns, shares }) => [columns.join(', ') || 'nothing', ...shares.map(share)]),
  },
  {
    side: 'truth',
    title: 'What gives synthetic rows away',
    hint: 'A part of a column that is too frequent among the synthetic rows that are told most surely from real ones.',
    heads: ['Column', 'What', 'Synthetic rows', 'Real rows'],
    of: ({ tells = [] }) => tells.filter(({ shares }) => shares).map(({ column, what, shares }) => [column, what ?? '–', ...shares.map(share)]),
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
    hint: 'How much better the column is predicted from your rows with synthetic ones added to them than from yours alone.',
    heads: ['Added for each real row', 'Gain', 'By chance between'],
    of: ({ advice }) => (advice?.tried ?? []).map(({ times, gain, interval }) => [number(times), number(gain), interval.map(number).join(' and ')]),
  },
  {
    side: 'safety',
    title: 'What was tried to find out about single people',
    hint: 'How often an attack was right about people whose rows were learned from, about others, and by blind guesses. The risk is what the first has beyond the second.',
    heads: ['Attack', 'Learned from', 'Others', 'Blind guesses', 'Risk'],
    of: ({ attacks = [] }) => attacks.map(({ name, column, main, control, baseline, risk }) => [column ? `${name}: ${column}` : name, ...[main, control, baseline, risk].map(({ value }) => share(value))]),
  },
  {
    side: 'safety',
    title: 'Combinations that only one person has',
    hint: 'Sets of columns, and the share of rows with a combination of values that exactly one row has that was learned from.',
    heads: ['Columns', 'Such combinations', 'Held-out rows', 'Synthetic rows'],
    of: ({ rareCombinations = [] }) => rareCombinations.map(({ columns, unique, holdout, synthetic }) => [columns.join(', '), count(unique), share(holdout), share(synthetic)]),
  },
  {
    side: 'fairness',
    title: 'Groups that differ most',
    hint: 'Real rows first, then synthetic ones. The outcome is the rarer of two answers in the column that is predicted, of several the commonest; of a number, to be above its median.',
    heads: ['Group', 'Share', 'Outcome'],
    of: ({ groups }) => groups.map(({ column, name, shares: [real, , made], rates: [rate, , madeRate] }) => [`${column}: ${name}`, fromTo([real, made]), fromTo([rate, madeRate])]),
  },
  {
    side: 'fairness',
    title: 'Groups that predictions get wrong',
    hint: 'Predictions learned from real rows first, then from synthetic ones: how often they find the outcome where it is, and see it where it is not.',
    heads: ['Group', 'Found', 'Wrongly seen', 'Gap wider by'],
    of: ({ errorRates = [] }) => errorRates.map(({ column, name, truePositive, falsePositive, widened: [wider] }) => [`${column}: ${name}`, fromTo(truePositive), fromTo(falsePositive), share(wider)]),
  },
  {
    side: 'fairness',
    title: 'Rare values that became rarer',
    heads: ['Value', 'Real rows', 'Synthetic rows'],
    of: ({ rare = [] }) => rare.map(({ column, level, shares }) => [`${column}: ${level}`, ...shares.map(share)]),
  },
  {
    side: 'fairness',
    title: 'Very low and very high numbers',
    hint: 'Shares of the rows below and above what one real row in a hundred is, real rows first, then synthetic ones.',
    heads: ['Column', 'Very low', 'Very high'],
    of: ({ tails = [] }) => tails.map(({ column, low, high }) => [column, ...[low, high].map(([real, , made]) => fromTo([real, made]))]),
  },
  {
    side: 'fairness',
    title: 'How varied columns are',
    hint: 'Of the most that each could be.',
    heads: ['Column', 'Real rows', 'Held-out rows', 'Synthetic rows'],
    of: ({ variety = [] }) => variety.map(({ column, entropy }) => [column, ...entropy.map(share)]),
  },
];

/** The tables of one side. */
export function findings(side, report) {
  const own = FINDINGS.filter((finding) => finding.side === side).map((finding) => ({ ...finding, rows: finding.of(report).slice(0, WORST) }));
  return own.filter(({ rows }) => rows.length > 0).map(({ title, hint, heads, rows }) => folded(title, hint, heads, rows));
}

function likeness(name) {
  return (one) => [name(one), percent(one.value, 1), share(one.ceiling)];
}

/** Three digits that count. */
function number(value) {
  if (value === null || value === undefined) return '–';
  return `${value < 0 ? '\u2212' : ''}${new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(Math.abs(value))}`;
}

/** An estimate and its ends. */
const estimate = ([value, low, high]) => `${number(value)} (${number(low)} to ${number(high)})`;

/** Two shares, real and synthetic; one that too few rows tell is a dash. */
const fromTo = (shares) => shares.map(share).join('\u00a0→ ');
