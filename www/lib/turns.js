/* Long work in slices, with a turn of the worker's event loop between them, so that what it is told meanwhile is heard. */

const SLICE_MS = 25;

// setTimeout would wait 4 ms each time; a message to ourselves comes at once, after any other that is already waiting.
const channel = new MessageChannel();
const waiting = [];
channel.port1.onmessage = () => waiting.shift()();

function nextTurn() {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}

/** Calls `step` until it gives false, or a promise of it, and `check`, which may throw, after each turn. */
export async function inSlices(step, check = () => {}) {
  let until = performance.now() + SLICE_MS;
  while (await step()) {
    if (performance.now() < until) continue;
    await nextTurn();
    check();
    until = performance.now() + SLICE_MS;
  }
}
