// How long the full report takes in a browser tab, beside the native program on the same three files, in turn: medians of three.
//
//   node report.mjs TRAIN HOLDOUT SYNTH     (with the places that `cargo xtask bench` puts into the environment)

import { execFileSync } from 'node:child_process';
import { openBrowser } from './tab.mjs';

const RUNS = 3;

const files = process.argv.slice(2);
const browser = await openBrowser();
const [tab, native] = [[], []];
for (let i = 0; i < RUNS; i++) {
  const start = performance.now();
  execFileSync(process.env.STANDIN_BIN, ['report', ...files], { stdio: ['ignore', 'ignore', 'inherit'] });
  native.push((performance.now() - start) / 1000);
  tab.push(await browser.judge(files));
}
await browser.close();
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const [seconds, whole] = [median(tab.map(({ seconds }) => seconds)), median(native)];
const memory = Math.max(...tab.map(({ memory }) => memory));
console.log(`the full report, reading of files included: Chromium ${browser.version} ${seconds.toFixed(1)} s, ${(memory / 1e6).toFixed(0)} MB of WebAssembly memory; native ${whole.toFixed(1)} s: ${(seconds / whole).toFixed(1)} times as long`);
