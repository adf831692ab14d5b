/**
 * The outcome: figures beside what held-out real rows score, a few rows to look at, and the files to take away.
 */

import { download, h, svg } from './dom.js';
import { heldBack } from './held.js';
import { FORMATS, VERDICTS, count, fileSize, percent } from './words.js';

const WORST = 10;
const PREVIEW_COLUMNS = 50;

/** `report` may be null, with `unjudged` the reason in a sentence; `compare`, when given, makes up for it. */
export function showResult(host, { name, csv, model, preview, report, unjudged }, compare) {
  const base = name.replace(/\.(gz|zip)$/i, '').replace(/\.(csv|tsv|txt|xlsx|xlsm|parquet|json|jsonl|ndjson|standin)$/i, '');
  const [format, ending] = FORMATS[csv.type];
  const saved = new Blob([model.save()], { type: 'application/octet-stream' });
  const fileButton = (label, blob, fileName, style) =>
    h('button', { type: 'button', class: `button ${style}`, onclick: () => download(blob, fileName) }, label, h('small', {}, fileSize(blob.size)));

  host.replaceChildren(
    ...[
      h(
        'div',
        { class: 'takeaway' },
        fileButton(`Download synthetic ${format}`, csv, `${base}-synthetic.${ending}`, 'primary'),
        fileButton('Save the model', saved, `${base}.standin`, ''),
      ),
      ...(report ? SIDES.map((side) => scores(side, report)) : [h('p', { class: 'notice' }, unjudged, compare && h('button', { type: 'button', class: 'button small', onclick: compare }, 'Compare now'))]),
      report && comparedWith(report),
      model.info.memory && h('div', { class: 'worst' }, remembered(model.info.memory)),
      report && details(report),
      heldBack(model),
      h('h3', {}, previewTitle(preview)),
      rowsTable(preview),
    ].filter(Boolean),
  );
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

/** What was not asked has no scores, and is not shown. */
const SIDES = [
  { side: 'truth', title: 'How true it is' },
  { side: 'utility', title: 'How useful it is' },
  { side: 'safety', title: 'How safe the people in it are' },
  { side: 'fairness', title: 'How fair it is to groups' },
];

function scores({ side, title }, { scores, dials }) {
  if (!dials.some((dial) => dial.side === side)) return null;
  const some = scores.filter((one) => one.side === side);
  return h('section', {}, h('h3', { class: 'side' }, title), h('div', { class: 'scores' }, some.map(score)));
}

function score({ name, value, interval, ceiling, best, verdict, sentence }) {
  return h(
    'article',
    { class: `score ${verdict}` },
    h('h4', {}, name),
    h('p', { class: 'figure-big' }, percent(value, 1)),
    interval && h('p', { class: 'ceiling' }, `By chance between ${percent(interval[0], 1)} and ${percent(interval[1], 1)}`),
    h('p', { class: 'ceiling' }, ceiling === null ? 'No held-out rows to compare with' : `Held-out real rows: ${percent(ceiling, 1)}`),
    scale(value, ceiling, best),
    h('p', { class: 'verdict' }, h('span', { class: 'verdict-mark', 'aria-hidden': 'true' }), VERDICTS[verdict]),
    h('p', { class: 'sentence' }, sentence),
  );
}

/** A bar for the value and a tick for the ceiling; the figures above say the same in words. */
function scale(value, ceiling, best) {
  // Where less is better the shares are small: stretch the scale so that both marks can be told apart.
  const full = best === 1 ? 1 : Math.max(0.05, value, ceiling ?? 0) * 1.25;
  const at = (share) => (Math.min(1, share / full) * 200).toFixed(1);
  return svg(
    'svg',
    { class: 'scale', viewBox: '0 0 200 14', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { class: 'scale-ground', x: 0, y: 4, width: 200, height: 6 }),
    svg('rect', { class: 'scale-value', x: 0, y: 4, width: at(value), height: 6 }),
    ceiling === null ? null : svg('rect', { class: 'scale-ceiling', x: Math.min(198, at(ceiling)), y: 0, width: 2, height: 14 }),
  );
}

function comparedWith({ rows: { train, holdout, synthetic } }) {
  const learned = holdout
    ? `Learned from ${count(train)} of your rows; the other ${count(holdout)} were held out, and show what real rows would score (a little less, by chance, the fewer they are).`
    : `Learned from all of your ${count(train)} rows. A table this small has none to spare, so there is no score of held-out rows to compare with.`;
  return h('p', { class: 'hint' }, `${learned} Judged on ${count(synthetic)} synthetic rows.`);
}

/** What a trial on halves of the rows found of single rows in the model. */
function remembered({ dcrShare, membership, outliers, steps, met }) {
  const rows = [
    ['Synthetic rows nearest to a row they were learned from', dcrShare],
    ['Guesses of who was in the table, by nearness', membership],
    ['The same for the oddest rows', outliers],
  ];
  const softened = steps > 0 && ' So that less is remembered, it was learned less sharply than this setting usually does.';
  const beyond = !met && ' That is more than this setting should allow: choose Cautious, or share the rows only with people you would trust with the real ones.';
  return h(
    'details',
    { class: met ? '' : 'beyond' },
    h('summary', {}, `Memory of single rows: ${percent(Math.max(dcrShare, membership), 1)}, where 50\u00a0% is none`),
    h('p', { class: 'hint' }, 'Before the fit, one was tried on half of your rows alone, and attacked with the other half. A fit on all rows remembers less of each.', softened, beyond),
    figures(['Attack', 'Success'], rows.map(([name, value]) => [name, percent(value, 1)])),
  );
}

function details({ columns, pairs, groups }) {
  const worst = [...columns].sort((a, b) => a.value - b.value).slice(0, WORST);
  const ceiling = (value) => (value === null ? '–' : percent(value, 1));
  return h(
    'div',
    { class: 'worst' },
    h(
      'details',
      {},
      h('summary', {}, 'Columns that differ most'),
      figures(['Column', 'Likeness', 'Held-out rows'], worst.map((column) => [column.name, percent(column.value, 1), ceiling(column.ceiling)])),
    ),
    pairs.length > 0 &&
      h(
        'details',
        {},
        h('summary', {}, 'Pairs of columns that differ most'),
        figures(['Pair', 'Likeness', 'Held-out rows'], pairs.map((pair) => [`${pair.a} and ${pair.b}`, percent(pair.value, 1), ceiling(pair.ceiling)])),
      ),
    groups.length > 0 &&
      h(
        'details',
        {},
        h('summary', {}, 'Groups that differ most'),
        h('p', { class: 'hint' }, 'Real rows first, then synthetic ones. The outcome is the rarer of two answers in the column that is predicted, of several the commonest; of a number, to be above its median.'),
        figures(['Group', 'Share', 'Outcome'], groups.slice(0, WORST).map(({ column, name, shares, rates }) => [`${column}: ${name}`, fromTo(shares), fromTo(rates)])),
      ),
  );
}

/** Real and synthetic; a share that too few rows tell is a dash. */
const fromTo = ([real, , made]) => [real, made].map((share) => (share === null ? '–' : percent(share, 1))).join(' → ');

const figures = (heads, rows) =>
  h(
    'table',
    { class: 'figures' },
    h('thead', {}, h('tr', {}, heads.map((text) => h('th', { scope: 'col' }, text)))),
    h('tbody', {}, rows.map(([first, ...rest]) => h('tr', {}, h('th', { scope: 'row' }, first), rest.map((text) => h('td', { class: 'figure' }, text))))),
  );

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
