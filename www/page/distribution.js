/**
 * The small picture of one column: bins of numbers and dates, or the commonest values. Sizes are SVG attributes, since
 * the page's policy allows no inline styles. The sentence beside it says the same to a screen reader.
 */

import { svg } from './dom.js';
import { percent } from './words.js';

const WIDTH = 144;
const HEIGHT = 36;

export function distribution({ kind, labels, counts, other }) {
  if (kind === 'none' || counts.length === 0) return null;
  const bars = kind === 'bars' && other > 0 ? [...counts, other] : counts;
  const highest = Math.max(...bars, 1);
  const pitch = WIDTH / bars.length;
  const gap = pitch > 4 ? Math.min(2, pitch * 0.2) : 0;
  const widest = Math.min(pitch - gap, 28);

  const rects = bars.map((value, index) => {
    const height = value === 0 ? 0 : Math.max(1.5, (value / highest) * (HEIGHT - 2));
    const rest = kind === 'bars' && index === counts.length;
    return svg('rect', {
      class: rest ? 'bar bar-rest' : 'bar',
      x: (index * Math.min(pitch, widest + 4)).toFixed(2),
      y: (HEIGHT - 1 - height).toFixed(2),
      width: widest.toFixed(2),
      height: height.toFixed(2),
    });
  });
  const sentence = describe({ kind, labels, counts, other });
  return svg(
    'svg',
    { class: 'distribution', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': sentence },
    svg('title', {}, sentence),
    svg('line', { class: 'ground', x1: 0, x2: WIDTH, y1: HEIGHT - 0.5, y2: HEIGHT - 0.5 }),
    rects,
  );
}

function describe({ kind, labels, counts, other }) {
  const total = counts.reduce((sum, value) => sum + value, other);
  const top = counts.indexOf(Math.max(...counts));
  const share = percent(counts[top] / Math.max(1, total));
  if (kind === 'histogram') return `From ${labels[0]} to ${labels.at(-1)}; most often ${labels[top]} to ${labels[top + 1]} (${share}).`;
  const list = labels.slice(0, 3).map((label, index) => `${label} ${percent(counts[index] / Math.max(1, total))}`);
  return `Most common: ${list.join(', ')}.`;
}
