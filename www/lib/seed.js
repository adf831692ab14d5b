/** Seeds are text, since numbers lose digits. */

import { StandinError } from './errors.js';

/** 53 random bits as decimal digits: short enough to write down. */
export function randomSeed() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return String((high % 2 ** 21) * 2 ** 32 + low);
}

/** The text of a seed; of a number only where it is exact. */
export function seedText(seed) {
  if (typeof seed === 'string') return seed;
  if (typeof seed === 'bigint' || Number.isSafeInteger(seed)) return String(seed);
  throw new StandinError('bad-options', 'A seed is text, or a whole number below 2^53: give it as a string.');
}
