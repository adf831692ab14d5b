// A browser in which the library, without the page around it, is timed on tables that come through a file field.
//
// Needs the places that `cargo xtask bench` puts into the environment. WebAssembly memory never shrinks, so its size at the
// end is its peak; the copy of the file and of the result lie outside it, in Blobs.

import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const { STANDIN_NODE_MODULES, STANDIN_PAGE_PARTS, STANDIN_CHROMIUM } = process.env;
const require = createRequire(path.join(STANDIN_NODE_MODULES, 'x.js'));
const { chromium } = require('playwright-core');
const esbuild = require('esbuild');

/**
 * `time(table, options)` fits and samples `numRows`, or as many rows as were learned from, in a fresh context: seconds of each step, and
 * bytes of memory; `warm`: the engine was started and warmed up before, as on a page that is open for a while. `judge(files)`: of a report. `run(files, work, options, told)`: other work in the page, which may call `tell`, and what it gives. `workers`: that share the work, one unless told.
 */
export async function openBrowser() {
  const bundle = await esbuild.build({
    entryPoints: [fileURLToPath(new URL('measured.js', import.meta.url))],
    alias: { 'standin-assets': path.join(STANDIN_PAGE_PARTS, 'assets.js') },
    external: ['standin-files'], // for tables that are not measured here
    bundle: true,
    format: 'esm',
    write: false,
  });
  const files = {
    '/': ['text/html', '<!doctype html><title>bench</title><input type="file" id="file" multiple>'],
    '/measured.js': ['text/javascript', bundle.outputFiles[0].text],
  };
  const server = http.createServer((request, response) => {
    const [type, body] = files[request.url] ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const address = `http://127.0.0.1:${server.address().port}/`;
  const browser = await chromium.launch({ executablePath: STANDIN_CHROMIUM, args: ['--no-sandbox'] });

  async function inPage(files, work, options, told) {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(0);
      if (told) await page.exposeFunction('tell', told);
      await page.goto(address);
      await page.setInputFiles('#file', files);
      return await page.evaluate(work, options);
    } finally {
      await context.close();
    }
  }
  const time = (table, options) => inPage(table, steps, options);
  const judge = (files) => inPage(files, judged);
  const run = inPage;

  async function close() {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }

  return { version: browser.version(), time, judge, run, close };
}

/** Runs in the page, as what follows: seconds of a report on three files, and bytes of memory. */
async function judged() {
  const { createMeasuredEngine } = await import('/measured.js');
  const [train, holdout, synthetic] = document.querySelector('#file').files;
  const { engine, memoryBytes } = await createMeasuredEngine({ workers: 1 });
  const start = performance.now();
  await engine.report({ train, holdout, synthetic });
  const seconds = (performance.now() - start) / 1000;
  const memory = await memoryBytes();
  engine.terminate();
  return { seconds, memory };
}

async function steps({ numRows, workers = 1, warm = false, ...options }) {
  const { createMeasuredEngine } = await import('/measured.js');
  const [table] = document.querySelector('#file').files;
  const times = [performance.now()];
  const lap = () => times.push(performance.now());
  const { engine, memoryBytes } = await createMeasuredEngine({ workers });
  if (warm) {
    await engine.warmUp();
    times[0] = performance.now();
  }
  lap();
  const onProgress = ({ phase }) => phase === 'fit' && times.length === 2 && lap();
  const model = await engine.fit(table, { ...options, seed: '1', onProgress });
  lap();
  await model.sample({ numRows, seed: '1' }).toBlob();
  lap();
  const memory = await memoryBytes();
  engine.terminate();
  const [start, read, fit, sample] = times.slice(1).map((time, i) => (time - times[i]) / 1000);
  return { start, read, fit, sample, total: start + read + fit + sample, memory };
}
