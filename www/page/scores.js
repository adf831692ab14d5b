/**
 * The figures of one side: those to look at in full, the good ones a line each that opens. And all of them as a table.
 */

import { h, svg } from './dom.js';
import { sheet, share } from './sheet.js';
import { byVerdict, mark } from './verdict.js';
import { SIDES, VERDICTS, percent, plural } from './words.js';

export function scoreList(scores) {
  const ordered = byVerdict(scores);
  const good = ordered.filter(({ verdict }) => verdict === 'good');
  const doubtful = ordered.filter(({ verdict }) => verdict !== 'good');
  return h(
    'div',
    { class: 'score-list' },
    doubtful.map(full),
    good.length > 0 && h('h4', { class: 'good-title' }, doubtful.length > 0 ? `${plural(good.length, 'figure')} ${good.length === 1 ? 'is' : 'are'} good` : `All figures here are good`),
    good.length > 0 && h('div', { class: 'good-list' }, good.map(brief)),
    h('p', { class: 'hint key' }, keyPicture(), ' The dot is the synthetic table, the line through it where chance may move it, the upright stroke what held-out real rows score.'),
  );
}

/** A figure that needs a person's eye. */
function full(score) {
  return h(
    'article',
    { class: `score ${score.verdict}` },
    h('h4', { class: 'score-name' }, score.name),
    h('p', { class: 'verdict' }, mark(score.verdict), VERDICTS[score.verdict]),
    h('p', { class: 'sentence' }, score.sentence),
    measured(score),
  );
}

/** A good figure: its name and value, and the rest on demand. */
function brief(score) {
  return h(
    'details',
    { class: 'score good' },
    h('summary', {}, h('span', { class: 'score-line' }, mark('good'), h('span', { class: 'visually-hidden' }, 'Good: '), h('span', { class: 'score-name' }, score.name), h('span', { class: 'score-value' }, percent(score.value, 1)))),
    h('p', { class: 'sentence' }, score.sentence),
    measured(score),
  );
}

function measured({ value, interval, ceiling, best }) {
  return h(
    'div',
    { class: 'measured' },
    h('p', {}, h('strong', {}, percent(value, 1))),
    interval && h('p', { class: 'ceiling' }, `By chance ${percent(interval[0], 1)} to ${percent(interval[1], 1)}`),
    scale({ value, interval, ceiling, best }),
    h('p', { class: 'ceiling' }, ceiling === null ? 'No held-out rows to compare with' : `Held-out real rows: ${percent(ceiling, 1)}`),
  );
}

const WIDTH = 200;
const EDGE = 6; // so that a dot at either end is whole

/** A dot for the value, a line for chance, a stroke for the ceiling; the words beside it say the same. */
function scale({ value, interval, ceiling, best }) {
  const [low, high] = range([value, ceiling ?? value, ...(interval ?? [])], best);
  const at = (share) => (EDGE + ((Math.min(high, Math.max(low, share)) - low) / (high - low)) * (WIDTH - 2 * EDGE)).toFixed(1);
  const end = (share, x, anchor) => svg('text', { class: 'scale-end', x, y: 30, 'text-anchor': anchor }, percent(share));
  return svg(
    'svg',
    { class: 'scale', viewBox: `0 0 ${WIDTH} 32`, 'aria-hidden': 'true' },
    svg('path', { class: 'scale-ground', d: `M${EDGE} 10H${WIDTH - EDGE}` }),
    interval && svg('path', { class: 'scale-chance', d: `M${at(interval[0])} 10H${at(interval[1])}` }),
    ceiling === null ? null : svg('path', { class: 'scale-ceiling', d: `M${at(ceiling)} 1V19` }),
    svg('circle', { class: 'scale-value', cx: at(value), cy: 10, r: 5 }),
    end(low, 0, 'start'),
    end(high, WIDTH, 'end'),
  );
}

/** The stretch of a scale: from the best value to beyond the worst one, in steps of a tenth, or of what is told if that is small. */
function range(values, best) {
  const [least, most] = [Math.min(best, ...values), Math.max(best, ...values)];
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((step) => most - least <= 4 * step) ?? 0.5;
  const low = Math.floor(least / step) * step;
  const high = Math.ceil(most / step) * step;
  return high - low < step ? [low, low + step] : [low, high];
}

const keyPicture = () => svg('svg', { class: 'key-picture', viewBox: '0 0 44 20', width: 44, height: 20, 'aria-hidden': 'true' }, svg('path', { class: 'scale-chance', d: 'M4 10H34' }), svg('path', { class: 'scale-ceiling', d: 'M40 1V19' }), svg('circle', { class: 'scale-value', cx: 18, cy: 10, r: 5 }));

/** Every figure in one table, for those who want to see or copy them all. */
export function allScores(scores) {
  const rows = scores.map(({ side, name, value, interval, ceiling, verdict }) => [name, percent(value, 1), share(ceiling), interval ? `${percent(interval[0], 1)} to ${percent(interval[1], 1)}` : '–', VERDICTS[verdict], SIDES[side].name]);
  return sheet(['Figure', 'Synthetic rows', 'Held-out rows', 'By chance', 'Verdict', 'Side'], rows, 'All figures');
}
