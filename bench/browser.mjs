// How long the same table takes in a browser tab, and how large its WebAssembly memory grows.
//
//   node browser.mjs TABLE.csv OUT.json     (with the places that `cargo xtask bench` puts into the environment)
//
// It drives the library, without the page around it, in a fresh browser context for every run. WebAssembly memory never
// shrinks, so its size at the end is its peak; the copy of the file and of the result lie outside it, in Blobs.

import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = 5;
const METHODS = { balanced: {}, independent: { method: 'independent' } };

const { STANDIN_NODE_MODULES, STANDIN_PAGE_PARTS, STANDIN_CHROMIUM } = process.env;
const require = createRequire(path.join(STANDIN_NODE_MODULES, 'x.js'));
const { chromium } = require('playwright-core');
const esbuild = require('esbuild');
const [table, out] = process.argv.slice(2);

const bundle = await esbuild.build({
  entryPoints: [fileURLToPath(new URL('measured.js', import.meta.url))],
  alias: { 'standin-assets': path.join(STANDIN_PAGE_PARTS, 'assets.js') },
  external: ['standin-files'], // for tables that are not measured here
  bundle: true,
  format: 'esm',
  write: false,
});

const files = {
  '/': ['text/html', '<!doctype html><title>bench</title>'],
  '/measured.js': ['text/javascript', bundle.outputFiles[0].text],
  '/table.csv': ['text/csv', fs.readFileSync(table)],
};
const server = http.createServer((request, response) => {
  const [type, body] = files[request.url] ?? ['text/plain', ''];
  response.writeHead(200, { 'content-type': type }).end(body);
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const address = `http://127.0.0.1:${server.address().port}/`;

const browser = await chromium.launch({ executablePath: STANDIN_CHROMIUM, args: ['--no-sandbox'] });
const results = [];
for (const [method, options] of Object.entries(METHODS)) {
  const runs = [];
  for (let i = 0; i < RUNS; i++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(address);
    runs.push(await page.evaluate(measure, options));
    await context.close();
  }
  const of = (what) => median(runs.map((run) => run[what]));
  const result = { method, runs: RUNS, browser: browser.version() };
  for (const what of ['start', 'read', 'fit', 'sample', 'total']) result[what] = of(what) / 1000;
  result.range = [Math.min(...runs.map((r) => r.total)) / 1000, Math.max(...runs.map((r) => r.total)) / 1000];
  result.wasm_mb = of('memory') / 1e6;
  results.push(result);
  console.log(`browser, ${method}: ${result.total.toFixed(2)} s, ${result.wasm_mb.toFixed(0)} MB of WebAssembly memory`);
}
await browser.close();
server.close();
server.closeAllConnections();
fs.writeFileSync(out, JSON.stringify(results, null, 1));

/** Runs in the page: times in ms, memory in bytes. */
async function measure(options) {
  const { createMeasuredEngine } = await import('/measured.js');
  const table = await (await fetch('/table.csv')).blob();

  const times = [performance.now()];
  const lap = () => times.push(performance.now());
  const { engine, memoryBytes } = await createMeasuredEngine();
  lap();
  await engine.inspect(table);
  lap();
  const model = await engine.fit(table, { ...options, seed: '1' });
  lap();
  await model.sample({ seed: '1' });
  lap();
  const memory = await memoryBytes();
  engine.terminate();
  const [start, read, fit, sample] = times.slice(1).map((time, i) => time - times[i]);
  return { start, read, fit, sample, total: start + read + fit + sample, memory };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
