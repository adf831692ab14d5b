// A table of a gigabyte in a browser tab: how long to inspect and to fit it, how much memory, how fast it is parsed
// beside PapaParse and duckdb-wasm, and whether it can be stopped.
//
//   node large.mjs FOLDER OUT.json     (with the places that `cargo xtask bench large` puts into the environment)
//
// FOLDER keeps the generated tables. A table reaches the tab as a person brings it, through a file field, and stays on
// disk. Every measurement has a fresh browser. The readers do not all do the same work, so RESULTS.md says what each does:
//
//   standin    a worker parses, stores distinct cells and codes of the rows that it keeps; the time until the last
//              byte is read, and until the columns are understood as well
//   papaparse  in a worker of our own, rows as arrays of strings, counted and let go: nothing is kept or posted
//   duckdb     its worker, `CREATE TABLE AS SELECT * FROM read_csv(…)`, with the types that it finds, in its memory

import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeTable } from './made.mjs';
import { tabs } from './tabs.mjs';

const WHOLE = Number(process.env.STANDIN_LARGE_BYTES ?? 1e9);
const PARSED = WHOLE / 5;
const RUNS = 3;

const { STANDIN_NODE_MODULES, STANDIN_BENCH_MODULES, STANDIN_PAGE_PARTS, STANDIN_CHROMIUM } = process.env;
const require = createRequire(path.join(STANDIN_NODE_MODULES, 'x.js'));
const { chromium } = require('playwright-core');
const esbuild = require('esbuild');
const [folder, out] = process.argv.slice(2);

const parts = await serveParts();
const result = { date: new Date().toISOString().slice(0, 10), parse: [] };
const readers = { standin: ['standin', {}], 'standin, all rows': ['standin', { maxRows: 1e12, maxMemoryMB: 3000 }], papaparse: ['papaparse', {}], duckdb: ['duckdb', {}] };
const runs = Object.fromEntries(Object.keys(readers).map((name) => [name, []]));
const small = table('part.csv', PARSED);
for (let run = 0; run < RUNS; run++) {
  for (const [name, [reader, options]] of Object.entries(readers)) {
    runs[name].push(await inBrowser(small, (page) => page.evaluate(parse, [reader, options])));
    console.log(name, JSON.stringify(runs[name].at(-1)));
  }
}
for (const [name, measured] of Object.entries(runs)) {
  const { rows, kept } = measured[0];
  const seconds = measured.map((run) => run.seconds);
  result.parse.push({ name, rows, kept, bytes: small.bytes, runs: RUNS, seconds: median(seconds), range: [Math.min(...seconds), Math.max(...seconds)], resident_mb: median(measured.map((run) => run.resident_mb)) });
}

const large = table('whole.csv', WHOLE);
result.whole = { bytes: large.bytes, ...(await inBrowser(large, (page) => page.evaluate(whole))) };
console.log(JSON.stringify(result.whole));
result.stop = await inBrowser(large, (page) => page.evaluate(stop));
console.log(JSON.stringify(result.stop));
parts.close();
[result.load, result.cores] = [os.loadavg()[1], os.cpus().length];
fs.writeFileSync(out, JSON.stringify(result, null, 1));

/** The generated table, made unless it is there. */
function table(name, bytes) {
  const file = path.join(folder, name);
  fs.mkdirSync(folder, { recursive: true });
  if (!fs.existsSync(file) || Math.abs(fs.statSync(file).size - bytes) > 1000) writeTable(file, bytes);
  return { file, bytes: fs.statSync(file).size };
}

/** Measures in a fresh browser that was given the file; adds the most that the tab's process ever held. */
async function inBrowser({ file }, measure) {
  const browser = await chromium.launch({ executablePath: STANDIN_CHROMIUM, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(parts.address);
    await page.setInputFiles('#file', file);
    const measured = await measure(page);
    return { browser: browser.version(), resident_mb: Math.max(...tabs().map(({ peak }) => peak)) / 1e6, ...measured };
  } finally {
    await browser.close();
  }
}

// What follows runs in the page.

async function parse([reader, options]) {
  const [file] = document.querySelector('#file').files;
  let start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  if (reader === 'standin') {
    const { createEngine } = await import('/measured.js');
    const engine = await createEngine();
    start = performance.now();
    let read;
    const onProgress = ({ done, total }) => done === total && (read = seconds());
    const { rows, keptRows: kept } = await engine.inspect(file, { ...options, onProgress });
    return { rows, kept, seconds: read, understood: seconds() };
  }
  if (reader === 'papaparse') {
    const code = `importScripts('${location.origin}/papaparse.js');
      onmessage = ({ data }) => {
        let rows = -1;
        Papa.parse(data, { skipEmptyLines: true, chunk: ({ data }) => (rows += data.length), complete: () => postMessage(rows) });
      };`;
    const worker = new Worker(URL.createObjectURL(new Blob([code])));
    worker.postMessage(file);
    const rows = await new Promise((answer) => (worker.onmessage = ({ data }) => answer(data)));
    return { rows, kept: 0, seconds: seconds() };
  }
  const duckdb = await import('/duckdb.js');
  const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker('/duckdb-worker.js'));
  await db.instantiate('/duckdb.wasm');
  const connection = await db.connect();
  await db.registerFileHandle('table.csv', file, duckdb.DuckDBDataProtocol.BROWSER_FILEREADER, true);
  const before = seconds(); // its start, 34 MB of WebAssembly, is not parsing
  try {
    await connection.query("CREATE TABLE t AS SELECT * FROM read_csv('table.csv')");
  } catch (error) {
    return { rows: 0, kept: 0, seconds: NaN, error: String(error).slice(0, 200) };
  }
  const took = seconds() - before;
  const rows = Number((await connection.query('SELECT count(*) AS n FROM t')).toArray()[0].n);
  return { rows, kept: rows, seconds: took };
}

async function whole() {
  const [file] = document.querySelector('#file').files;
  const { createMeasuredEngine } = await import('/measured.js');
  let last = performance.now();
  let gap = 0;
  const beat = setInterval(() => {
    gap = Math.max(gap, performance.now() - last - 20);
    last = performance.now();
  }, 20);

  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const { engine, memoryBytes } = await createMeasuredEngine();
  let read;
  const { rows, keptRows } = await engine.inspect(file, { onProgress: ({ done, total }) => done === total && (read = seconds()) });
  const inspect = seconds();
  const inspectMb = (await memoryBytes()) / 1e6;
  await engine.fit(file, { seed: '1', holdout: 0.2 });
  const fit = seconds() - inspect;
  const fitMb = (await memoryBytes()) / 1e6;
  clearInterval(beat);
  return { rows, kept: keptRows, read, inspect, fit, wasm_inspect_mb: inspectMb, wasm_fit_mb: fitMb, page_gap_ms: gap };
}

/** How long a cancel takes at moments of a reading. */
async function stop() {
  const [file] = document.querySelector('#file').files;
  const { createEngine } = await import('/measured.js');
  const engine = await createEngine();
  const waits = [];
  for (const ms of [300, 1000, 2000, 3000, 4000]) {
    const abort = new AbortController();
    const reading = engine.inspect(file, { signal: abort.signal });
    await new Promise((later) => setTimeout(later, ms));
    const start = performance.now();
    abort.abort();
    await reading.catch(() => {});
    waits.push(performance.now() - start);
  }
  return { cancel_ms: waits };
}

async function serveParts() {
  const bundle = (entry) =>
    esbuild
      .build({ ...entry, alias: { 'standin-assets': path.join(STANDIN_PAGE_PARTS, 'assets.js') }, external: ['standin-files'], bundle: true, format: 'esm', nodePaths: [STANDIN_BENCH_MODULES], write: false })
      .then((made) => made.outputFiles[0].text);
  const other = (file) => fs.readFileSync(path.join(STANDIN_BENCH_MODULES, file));
  const duckdb = '@duckdb/duckdb-wasm/dist';
  const files = {
    '/': ['text/html', '<!doctype html><title>bench</title><input type="file" id="file">'],
    '/measured.js': ['text/javascript', await bundle({ entryPoints: [fileURLToPath(new URL('measured.js', import.meta.url))] })],
    '/papaparse.js': ['text/javascript', other('papaparse/papaparse.min.js')],
    '/duckdb.js': ['text/javascript', await bundle({ stdin: { contents: "export * from '@duckdb/duckdb-wasm';", resolveDir: '.' } })],
    '/duckdb-worker.js': ['text/javascript', other(`${duckdb}/duckdb-browser-eh.worker.js`)],
    '/duckdb.wasm': ['application/wasm', other(`${duckdb}/duckdb-eh.wasm`)],
  };
  const server = http.createServer((request, response) => {
    const [type, body] = files[request.url] ?? ['text/plain', ''];
    response.writeHead(body ? 200 : 404, { 'content-type': type }).end(body);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => (server.close(), server.closeAllConnections()) };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
