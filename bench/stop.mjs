// How soon work stops when it is told to, in each phase, and whether memory goes back when engines end.
//
//   node stop.mjs TABLE.csv     (with the places that `cargo xtask bench` puts into the environment)

import { openBrowser } from './tab.mjs';
import { tabs } from './tabs.mjs';

const TIMES = 50;
const ROUNDS = 20;

const table = process.argv[2];
const browser = await openBrowser();
for (const [phase, workers] of [['read', 1], ['fit', 1], ['fit', 2], ['sample', 1], ['sample', 2], ['report', 1]]) {
  const times = (await browser.run(table, stops, { phase, workers, count: TIMES })).toSorted((a, b) => a - b);
  console.log(`${phase}, ${workers} worker${workers > 1 ? 's' : ''}: stopped ${times.length} times, median ${times[times.length >> 1].toFixed(0)} ms, worst ${times.at(-1).toFixed(0)} ms`);
}
const resident = [];
const largest = () => resident.push(Math.round(Math.max(...tabs().map(({ now }) => now)) / 1e6));
await browser.run(table, rounds, ROUNDS, largest);
console.log(`${ROUNDS} rounds of fit and terminate, resident after each in MB: ${resident.join(' ')}`);
await browser.close();

// What follows runs in the page.

/** Starts the work anew until it was stopped so many times in its phase, at moments that are spread over what it takes. */
async function stops({ phase, workers, count }) {
  const { createEngine } = await import('/measured.js');
  const [file] = document.querySelector('#file').files;
  const engine = await createEngine({ workers });
  const model = await engine.fit(file, { seed: '1', holdout: 0.2 });
  const synthetic = await model.sample().toBlob();
  const work = {
    read: (run) => engine.inspect(file.slice(), run), // a copy is read again
    fit: (run) => engine.fit(file, { seed: '1', ...run }),
    sample: (run) => model.sample({ numRows: 100_000, ...run }).toBlob(),
    report: (run) => model.report(synthetic, run),
  }[phase];
  const times = [];
  for (let at = 0; times.length < count && at < 4 * count; at++) {
    const stop = new AbortController();
    const share = (at % 10) / 12;
    let told;
    const onProgress = ({ phase: now, done, total }) => {
      if (now !== phase || told || done / total < share) return;
      setTimeout(() => {
        told = performance.now();
        stop.abort();
      }, (at * 7) % 60);
    };
    const error = await work({ signal: stop.signal, onProgress }).then(() => null, (error) => error);
    if (error?.code === 'cancelled') times.push(performance.now() - told);
  }
  engine.terminate();
  return times;
}

async function rounds(count) {
  const { createEngine } = await import('/measured.js');
  const [file] = document.querySelector('#file').files;
  for (let round = 0; round < count; round++) {
    const engine = await createEngine({ workers: 2 });
    const model = await engine.fit(file, { seed: '1' });
    await model.sample().toBlob();
    engine.terminate();
    await new Promise((resolve) => setTimeout(resolve, 300)); // the system takes back what ended workers held
    await tell();
  }
}
