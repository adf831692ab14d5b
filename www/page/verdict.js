/**
 * The first screen of a result: one sentence, and a dial for each side. A dial's word, its mark and its needle say the same, so
 * colour alone tells nothing.
 */

import { h, svg } from './dom.js';
import { VERDICTS, capital, listed, plural, sidesOf } from './words.js';

/** Worse comes first. */
export const byVerdict = (scores) => ['bad', 'look', 'good'].flatMap((verdict) => scores.filter((score) => score.verdict === verdict));

/** "True and useful; look at fairness before you share it." Promises nothing: a safe side is one where attacks found nobody. */
export function verdictSentence(report) {
  const { dials } = report;
  const about = sidesOf(report);
  const sides = (verdict) => dials.filter((dial) => dial.verdict === verdict).map(({ side }) => side);
  const [good, look, bad] = ['good', 'look', 'bad'].map(sides);
  const praise = listed(good.map((side) => about[side].good).filter(Boolean));
  const safe = good.includes('safety') && 'what was tried to find people in it found nobody';
  if (bad.length > 0) {
    const rest = [praise && `it is ${praise}`, look.length > 0 && `look at ${listed(look)} too`].filter(Boolean).join('; ');
    return `Do not share it yet: there is a problem with ${listed(bad)}.${rest && ` ${capital(rest)}.`}`;
  }
  if (look.length > 0) return capital(`${[praise, `look at ${listed(look)} before you share it`].filter(Boolean).join('; ')}.`);
  return capital(`${[praise, safe].filter(Boolean).join('; ')}.`);
}

/** `open(side)` leads to what lies behind a dial. */
export function dialRow(report, open) {
  const { dials, scores } = report;
  const cards = Object.entries(sidesOf(report)).map(([side, about]) => {
    const dial = dials.find((one) => one.side === side);
    const own = byVerdict(scores.filter((score) => score.side === side));
    return card(about, dial, own, () => open(side));
  });
  return h('ul', { class: 'dials' }, cards);
}

function card({ name, title, unasked }, dial, scores, open) {
  const [worst] = scores;
  return h(
    'li',
    { class: `dial ${dial?.verdict ?? 'unasked'}` },
    h('h3', {}, title),
    gauge(dial?.verdict),
    h('p', { class: 'verdict' }, dial ? [mark(dial.verdict), VERDICTS[dial.verdict]] : 'Not asked'),
    dial && h('p', { class: 'counts' }, counted(dial.counts)),
    h('p', { class: 'sentence' }, worst ? worst.sentence : unasked),
    h('button', { type: 'button', class: 'button small quiet', 'aria-label': `See why: ${name}`, onclick: open }, 'See why'),
  );
}

/** "7 good · 1 to look at · 1 problem" */
export function counted([good, look, bad]) {
  const parts = [good > 0 && `${good} good`, look > 0 && `${look} to look at`, bad > 0 && plural(bad, 'problem')];
  return parts.filter(Boolean).join(' \u00b7 ');
}

const CENTRE = [60, 58];
const RADIUS = 46;
/** Where on the half ring each verdict lies, in degrees from the left. */
const ZONES = { bad: [4, 56], look: [64, 116], good: [124, 176] };

/** A half ring in three zones, the one of the verdict thick, and a needle that points at it. */
function gauge(verdict) {
  const at = (degrees, radius) => [CENTRE[0] - radius * Math.cos((degrees * Math.PI) / 180), CENTRE[1] - radius * Math.sin((degrees * Math.PI) / 180)].map((part) => part.toFixed(1));
  const arc = ([from, to]) => `M${at(from, RADIUS)} A${RADIUS} ${RADIUS} 0 0 1 ${at(to, RADIUS)}`;
  const zone = verdict && ZONES[verdict];
  return svg(
    'svg',
    { class: 'gauge', viewBox: '0 0 120 66', width: 120, height: 66, 'aria-hidden': 'true' },
    Object.entries(ZONES).map(([name, zone]) => svg('path', { class: name === verdict ? 'zone zone-own' : 'zone', d: arc(zone) })),
    zone && svg('path', { class: 'needle', d: `M${CENTRE} L${at((zone[0] + zone[1]) / 2, RADIUS - 14)}` }),
    svg('circle', { class: 'hub', cx: CENTRE[0], cy: CENTRE[1], r: 5 }),
  );
}

const SHAPES = {
  good: ['circle', { cx: 8, cy: 8, r: 7.5 }, 'M4.6 8.3l2.4 2.4 4.4-5'],
  look: ['path', { d: 'M8 .6 15.6 14.6H.4z' }, 'M8 5.6v4.2M8 12v.6'],
  bad: ['path', { d: 'M5 .5h6L15.5 5v6L11 15.5H5L.5 11V5z' }, 'M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2'],
};

/** A tick in a circle, a call in a triangle, a cross in an octagon. The word stands beside it. */
export function mark(verdict) {
  const [tag, shape, sign] = SHAPES[verdict];
  return svg('svg', { class: `mark mark-${verdict}`, viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' }, svg(tag, { class: 'mark-shape', ...shape }), svg('path', { class: 'mark-sign', d: sign }));
}
