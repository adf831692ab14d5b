/** How far work is: told as a person wants to know it, and not too often. */

/**
 * Turns the worker's plain counts into how long it will still take.
 * The rate is averaged with a memory of a few seconds, so the figure neither jumps nor lags.
 */

const MEMORY_MS = 3000;
const QUIET_MS = 400; // too early to say anything sensible
const OFTEN_MS = 60;

/** Returns a function that completes `{ phase, done, total }` with `etaMs` (null while unknown). */
export function timeLeft(now = () => performance.now()) {
  let phase = null;
  let began = 0;
  let last = null; // { at, share }
  let rate = 0; // share of the phase per millisecond

  return (progress) => {
    const at = now();
    const share = progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
    if (progress.phase !== phase) {
      phase = progress.phase;
      began = at;
      last = { at, share };
      rate = 0;
    }
    const passed = at - last.at;
    if (passed > 0) {
      const weight = rate === 0 ? 1 : 1 - Math.exp(-passed / MEMORY_MS);
      rate += weight * ((share - last.share) / passed - rate);
      last = { at, share };
    }
    const known = at - began >= QUIET_MS && rate > 0;
    return { ...progress, etaMs: known ? (1 - share) / rate : null };
  };
}

/** A function that passes its calls on, but not too often. */
export function seldom(tell, now = () => performance.now()) {
  let last = -Infinity;
  return (...what) => {
    if (now() - last < OFTEN_MS) return;
    last = now();
    tell(...what);
  };
}
