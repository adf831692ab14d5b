// How long it takes to find rows under conditions, in the native command and in a browser tab with one worker, in turn.
//
//   node conditions.mjs ADULT.csv FOLDER     (with the places that `cargo xtask bench` puts into the environment)

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { openBrowser } from './tab.mjs';

const RUNS = 5;
const CASES = [
  { numRows: 5000, where: {} },
  { numRows: 5000, where: { income: '>50K' } },
  { numRows: 100, where: { income: '>50K', sex: 'Female', age: { min: 75 } } },
  { numRows: 20, where: { 'capital-gain': 99999, sex: 'Female', age: { min: 80 } } },
];

const [table, folder] = process.argv.slice(2);
const model = path.join(folder, 'conditions.standin');
native('fit', table, '-o', model, '--seed', '1');
const browser = await openBrowser();
const times = CASES.map(() => [[], []]);
for (let run = 1; run <= RUNS; run++) {
  const found = await browser.run([model], search, { cases: CASES, seed: String(run) });
  for (const [at, { numRows, where }] of CASES.entries()) {
    const wanted = Object.entries(where).flatMap(([column, value]) => ['--where', `${column}=${value.min === undefined ? value : `${value.min}..`}`]);
    times[at][0].push(native('sample', model, '-o', path.join(folder, 'conditions.csv'), '--rows', String(numRows), '--seed', String(run), '--no-croissant', ...wanted));
    times[at][1].push(found[at]);
  }
}
await browser.close();
for (const [at, { numRows, where }] of CASES.entries()) {
  const [command, tab] = times[at].map((all) => all.toSorted((a, b) => a.seconds - b.seconds)[RUNS >> 1]);
  const [givenUp] = times[at].map((all) => all.filter(({ code }) => code === 'too-rare').length);
  console.log(`${numRows} rows where ${JSON.stringify(where)}: command ${command.seconds.toFixed(2)} s, Chromium ${tab.seconds.toFixed(2)} s; given up ${givenUp} of ${RUNS} times`);
}

/** Seconds of the whole program, with all cores. A search that is given up is an answer, too. */
function native(...words) {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.env.STANDIN_BIN, words, { encoding: 'utf8' });
  const isTooRare = status === 2 && stderr.includes('rows that were drawn');
  if (status !== 0 && !isTooRare) throw new Error(stderr);
  return { seconds: (performance.now() - started) / 1000, code: isTooRare ? 'too-rare' : null };
}

/** Runs in the page. */
async function search({ cases, seed }) {
  const { createEngine } = await import('/measured.js');
  const [file] = document.querySelector('#file').files;
  const engine = await createEngine({ workers: 1 });
  const model = await engine.load(file);
  await model.preview();
  const found = [];
  for (const condition of cases) {
    const started = performance.now();
    const isPlain = Object.keys(condition.where).length === 0;
    const sample = isPlain ? model.sample({ numRows: condition.numRows, seed }) : model.sampleFromConditions(condition, { seed });
    const code = await sample.toBlob().then(() => null, (error) => error.code);
    found.push({ seconds: (performance.now() - started) / 1000, code });
  }
  engine.terminate();
  return found;
}
