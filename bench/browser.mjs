// How long the same table takes in a browser tab, alone and with workers that share the work, and how large its WebAssembly
// memory grows.
//
//   node browser.mjs TABLE.csv OUT.json     (with the places that `cargo xtask bench` puts into the environment)

import fs from 'node:fs';
import { openBrowser } from './tab.mjs';

const RUNS = 5;
const METHODS = { balanced: {}, 'balanced, 2 workers': { workers: 2 }, independent: { method: 'independent' } };

const [table, out] = process.argv.slice(2);
const browser = await openBrowser();
const results = [];
const all = Object.keys(METHODS).map(() => []);
// In turn, so that whatever else the machine does is shared out.
for (let i = 0; i < RUNS; i++) for (const [at, options] of Object.values(METHODS).entries()) all[at].push(await browser.time(table, options));
for (const [at, method] of Object.keys(METHODS).entries()) {
  const runs = all[at];
  const of = (what) => median(runs.map((run) => run[what]));
  const result = { method, runs: RUNS, browser: browser.version };
  for (const what of ['start', 'read', 'fit', 'sample', 'total']) result[what] = of(what);
  result.range = [Math.min(...runs.map((r) => r.total)), Math.max(...runs.map((r) => r.total))];
  result.wasm_mb = of('memory') / 1e6;
  results.push(result);
  console.log(`browser, ${method}: ${result.total.toFixed(2)} s, ${result.wasm_mb.toFixed(0)} MB of WebAssembly memory`);
}
await browser.close();
fs.writeFileSync(out, JSON.stringify(results, null, 1));

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
