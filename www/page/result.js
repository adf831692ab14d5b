/**
 * The outcome: the verdict in a sentence and four dials, the files to take away, and behind tabs the figures, charts and tables
 * of each side, and the rows.
 */

import { askAbout, askedAbout } from './ask.js';
import { chartList, overviews } from './charts.js';
import { h } from './dom.js';
import { heldBack } from './held.js';
import { allScores, scoreList } from './scores.js';
import { folded } from './sheet.js';
import { tabList } from './tabs.js';
import { takeaway } from './takeaway.js';
import { advised, collapse, disclosed, remembered } from './trials.js';
import { dialRow, mark, verdictSentence } from './verdict.js';
import { SIDES, VERDICTS, count, sidesOf } from './words.js';

const PREVIEW_COLUMNS = 50;
/** Rows of all, and of those held out, below which attacks tell nothing. */
const ENOUGH = 500;
const ENOUGH_HELD_OUT = 100;
/** What was held out as a whole. */
const WHOLE = { persons: ', all rows of a person together', time: ', in whole stretches of time, since your rows stand in its order' };

/**
 * `outcome`: { name, csv, model, preview, report, unjudged, asked, inspection }; `report` may be null, with `unjudged` the reason
 * in a sentence. `can` holds what a person can do next, each of it null where it cannot be done: `compare()` makes up for a missing
 * report, `judge(asked)` judges anew, `generations()` tries the table on models of models, `refit()` learns from all rows, `croissant()` gives metadata. `side` is
 * the tab to begin with.
 */
export function showResult(host, outcome, can, side) {
  const { report, unjudged } = outcome;
  const files = takeaway(outcome, can.croissant);
  if (!report) {
    const notice = h('p', { class: 'notice' }, unjudged, can.compare && h('button', { type: 'button', class: 'button small', onclick: can.compare }, 'Compare now'));
    return host.replaceChildren(files, notice, ...rowsPanel(outcome));
  }
  const tabs = tabList('Report', [...Object.keys(SIDES).map((side) => sideTab(side, outcome, can)), { id: 'rows', label: 'Rows', content: rowsPanel(outcome) }, { id: 'figures', label: 'All figures', content: [h('h3', { class: 'panel-title' }, 'All figures'), allScores(report.scores), overviews(report)] }]);
  host.replaceChildren(
    ...[
      h('p', { class: 'verdict-line' }, verdictSentence(report)),
      dialRow(report, tabs.open),
      caveat(report),
      files,
      ofAllRows(outcome, can.refit),
      can.judge && asking(outcome, can.judge),
      tabs.element,
    ].filter(Boolean),
  );
  if (side) tabs.open(side);
}

/** Rows of a model of `rows` random rows, until the full one is made. */
export function showImpression(host, preview, rows) {
  host.replaceChildren(
    h('h3', {}, 'First impression'),
    h('p', { class: 'hint', role: 'status' }, `Learned in a moment from ${count(rows)} of your rows, chosen at random. The full result is being made, and will be closer.`),
    rowsTable(preview, 'First impression of synthetic rows'),
  );
  host.hidden = false;
}

function sideTab(side, outcome, can) {
  const { report, model } = outcome;
  const { name, title, unasked } = sidesOf(report)[side];
  const scores = report.scores.filter((score) => score.side === side);
  const verdict = report.dials.find((dial) => dial.side === side)?.verdict;
  const ofModel = side === 'safety' ? [model.info.memory && remembered(model.info.memory), model.info.discloses && disclosed(model.info.discloses)] : [];
  const lists = report.lists.filter((list) => list.side === side).map(({ title, hint, table }) => folded(title, hint, table.heads, table.rows));
  const tables = [...lists, ...ofModel.filter(Boolean)];
  const content = [
    h('h3', { class: 'panel-title' }, title),
    scores.length > 0 && scoreList(scores),
    (scores.length === 0 || (side === 'fairness' && report.groups.length === 0)) && h('p', { class: 'notice' }, unasked, ' ', why(side, outcome)),
    advised(side, report),
    collapse(side, can.generations),
    chartList(side, report),
    tables.length > 0 && h('div', { class: 'tables' }, tables),
  ];
  return { id: side, label: [verdict && mark(verdict), name, verdict && h('span', { class: 'visually-hidden' }, `: ${VERDICTS[verdict]}`)].filter(Boolean), content };
}

/** Why there is no figure of a side. */
function why(side, { report, asked }) {
  if (side === 'utility') {
    if (!asked?.target) return 'Choose above what will be predicted, and judge again.';
    if (!report.rows.holdout) return 'That needs real rows that were kept aside, and your table has none to spare.';
    return 'The chosen column says too little: choose another one above, and judge again.';
  }
  if (side === 'fairness') return 'Choose above whose groups should be treated alike, and judge again.';
  return '';
}

/** What the figures rest on, and what a small table means for them. */
function caveat({ rows: { train, holdout, synthetic, lookedAt, heldOut } }) {
  const judged = `Judged on ${count(synthetic)} synthetic rows${lookedAt ? `; of each table ${count(lookedAt)} rows were looked at, by lot` : ''}.`;
  if (!holdout)
    return h('p', { class: 'notice' }, `Your table has only ${count(train)} rows, and all were learned from. None could be kept aside, so it is not known what real rows would score, nor how easily people could be found: treat the synthetic rows as if they were real ones. ${judged}`);
  const learned = `Learned from ${count(train)} of your rows; the other ${count(holdout)} were held out${WHOLE[heldOut] ?? ''}, and show what real rows would score.`;
  if (train + holdout < ENOUGH || holdout < ENOUGH_HELD_OUT)
    return h('p', { class: 'notice' }, `This is a small table. ${learned} With so few, chance moves every figure, and attacks that find nobody prove little: treat the synthetic rows as if they were real ones. ${judged}`);
  return h('p', { class: 'hint' }, `${learned} ${judged}`);
}

/** A last fit on all rows, once a person is content with the figures; or, after it, what the figures are of. */
function ofAllRows({ model, judged, report }, refit) {
  const { train, holdout } = report.rows;
  if (refit)
    return h(
      'p',
      { class: 'hint refit' },
      `These rows were learned without the ${count(holdout)} that were held out. `,
      h('button', { type: 'button', class: 'button small', onclick: refit }, 'Learn again from all rows'),
    );
  return model !== judged.model && h('p', { class: 'notice', role: 'status' }, `The synthetic rows and the model are now learned from all of your ${count(train + holdout)} rows. The figures are of the ones before, which never saw the held-out rows.`);
}

/** What was asked, and a way to ask something else, which only judges anew. */
function asking({ asked, inspection }, judge) {
  const body = h('div', { class: 'ask' });
  const choosers = askAbout(body, 'again');
  choosers.offer(inspection, asked);
  return h(
    'div',
    { class: 'asking' },
    h('p', { class: 'hint' }, askedAbout(asked)),
    h(
      'details',
      {},
      h('summary', {}, 'Ask something else'),
      body,
      h('div', { class: 'judge' }, h('button', { type: 'button', class: 'button small', onclick: () => judge(choosers.asked()) }, 'Judge again'), h('p', { class: 'hint' }, 'The rows stay as they are; only the figures are made anew.')),
    ),
  );
}

function rowsPanel({ preview, model }) {
  return [h('h3', { class: 'panel-title' }, previewTitle(preview)), rowsTable(preview), heldBack(model)].filter(Boolean);
}

function previewTitle({ columns, rows }) {
  const part = columns.length > PREVIEW_COLUMNS ? `, ${PREVIEW_COLUMNS} of ${count(columns.length)} columns` : '';
  return `${rows.length === 1 ? 'The synthetic row' : `First ${rows.length} synthetic rows`}${part}`;
}

function rowsTable({ columns, rows }, label = 'Preview of synthetic rows') {
  const shown = columns.slice(0, PREVIEW_COLUMNS);
  return h(
    'div',
    { class: 'scroller card', tabindex: 0, role: 'region', 'aria-label': label },
    h(
      'table',
      { class: 'preview' },
      h('thead', {}, h('tr', {}, shown.map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, rows.map((cells) => h('tr', {}, cells.slice(0, PREVIEW_COLUMNS).map((cell) => h('td', {}, cell))))),
    ),
  );
}
