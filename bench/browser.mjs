// How long the same table takes in a browser tab, alone and with workers that share the work, beside the native program in the same
// run, and how large its WebAssembly memory grows.
//
//   node browser.mjs TABLE.csv OUT.json     (with the places that `cargo xtask bench` puts into the environment)

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { openBrowser } from './tab.mjs';

const RUNS = 5;
const METHODS = {
  balanced: {},
  'balanced, 2 workers': { workers: 2 },
  'balanced, warmed up': { warm: true },
  'balanced, 2 workers, warmed up': { workers: 2, warm: true },
  independent: { method: 'independent' },
};

const [table, out] = process.argv.slice(2);
const browser = await openBrowser();
const all = Object.keys(METHODS).map(() => []);
const native = { balanced: [], independent: [] };
// In turn, so that whatever else the machine does is shared out.
for (let i = 0; i < RUNS; i++) {
  for (const [method, times] of Object.entries(native)) times.push(natively(method));
  for (const [at, options] of Object.values(METHODS).entries()) all[at].push(await browser.time(table, options));
}
const results = Object.keys(METHODS).map((method, at) => {
  const runs = all[at];
  const of = (what) => median(runs.map((run) => run[what]));
  const result = { method, runs: RUNS, browser: browser.version };
  for (const what of ['start', 'read', 'fit', 'sample', 'total']) result[what] = of(what);
  result.range = [Math.min(...runs.map((r) => r.total)), Math.max(...runs.map((r) => r.total))];
  result.wasm_mb = of('memory') / 1e6;
  result.native = median(native[method.startsWith('independent') ? 'independent' : 'balanced']);
  const ratio = (result.total / result.native).toFixed(2);
  console.log(`browser, ${method}: ${result.total.toFixed(2)} s, ${ratio} times the native program's ${result.native.toFixed(2)} s, ${result.wasm_mb.toFixed(0)} MB of WebAssembly memory`);
  return result;
});
await browser.close();
fs.writeFileSync(out, JSON.stringify(results, null, 1));

/** Seconds of the whole program, with all cores. */
function natively(method) {
  const words = ['synth', table, '-o', `${out}.csv`, '--seed', '1', '--no-croissant', ...(method === 'independent' ? ['--method', method] : [])];
  const started = performance.now();
  const { status, stderr } = spawnSync(process.env.STANDIN_BIN, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return (performance.now() - started) / 1000;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
