/**
 * What the browser tests share: where things are, a server that remembers every request, a browser with a fresh profile,
 * and the few moves a person makes on the page. `cargo xtask test` sets the environment.
 */

import { createServer } from 'node:http';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

export const require = createRequire(`${process.env.STANDIN_NODE_MODULES}/x.js`);
export const dist = process.env.STANDIN_DIST;
export const leak = process.env.STANDIN_LEAK;
export const pageParts = process.env.STANDIN_PAGE_PARTS;
export const native = process.env.STANDIN_BIN;
export const site = join(dist, 'site');
export const standinHtml = pathToFileURL(join(dist, 'standin.html')).href;

/** For tests on tables that are kept beside the project: `test(name, { skip: noData }, …)`. */
export const noData = process.env.STANDIN_DATA ? false : 'no data';
export const table = async (path) => {
  const bytes = await readFile(join(process.env.STANDIN_DATA, 'tables', path));
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
};

/**
 * Serves one HTML file at /, with the headers a host would send, and keeps a list of all requests. `beside` are
 * more files: address to path.
 */
export async function serve(file, headers = {}, beside = {}) {
  const known = { '/': [TYPES['.html'], await readFile(file)] };
  for (const [address, path] of Object.entries(beside)) known[address] = [TYPES[extname(path)], await readFile(path)];
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const [type, body] = known[request.url] ?? ['text/plain', ''];
    response.writeHead(body ? 200 : 404, { 'content-type': type, ...headers });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    requests,
    close: () => (server.closeAllConnections(), new Promise((resolve) => server.close(resolve))),
  };
}

/** The package as it stands in dist/npm, for the last argument of `serve`. */
export const packageFiles = () => filesUnder(join(dist, 'npm'), '/standin/');

/** All that a page may ask for in a folder and the folders in it, for the same. */
export async function filesUnder(folder, address = '/') {
  const names = (await readdir(folder, { recursive: true })).filter((name) => extname(name) in TYPES);
  return Object.fromEntries(names.map((name) => [address + name.replaceAll('\\', '/'), join(folder, name)]));
}

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** The headers of dist/site/_headers. */
export async function siteHeaders() {
  const lines = (await readFile(join(site, '_headers'), 'utf8')).split('\n').filter((line) => line.startsWith('  '));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]));
}

/** Chromium, with a fresh profile. */
export async function openBrowser(args = []) {
  const { chromium } = require('playwright-core');
  const profile = await mkdtemp(join(tmpdir(), 'standin-profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.STANDIN_CHROMIUM,
    headless: true,
    chromiumSandbox: false,
    viewport: { width: 1280, height: 800 },
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...args],
  });
  return {
    context,
    /** A page whose own errors are kept in `page.problems`. */
    async open(url, options = {}) {
      const page = await context.newPage();
      page.problems = [];
      page.on('pageerror', (error) => page.problems.push(error.message));
      await page.emulateMedia({ reducedMotion: 'reduce', ...options });
      await page.goto(url);
      return page;
    },
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

export async function temporaryFile(t, name, bytes) {
  const folder = await mkdtemp(join(tmpdir(), 'standin-file-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  if (bytes !== undefined) await writeFile(path, bytes);
  return path;
}

// What a person does

/** Chooses a file, a path or { name, content }, and waits for the columns or for a problem. */
export async function choose(page, file) {
  const upload = typeof file === 'string' ? file : { name: file.name, mimeType: 'text/csv', buffer: Buffer.from(file.content) };
  await page.setInputFiles('#file', upload);
  await outcome(page, '#table');
}

/** Drops a file on the page with real drag events. */
export async function drop(page, name, text) {
  const data = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name, { type: 'text/csv' }));
      return transfer;
    },
    [name, text],
  );
  for (const type of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('#drop', type, { dataTransfer: data });
  await outcome(page, '#table');
}

/** Generates and waits for the result or for a problem. */
export async function generate(page, { rows, seed } = {}) {
  if (rows !== undefined) await page.fill('#rows', String(rows));
  if (seed !== undefined) await page.fill('#seed', seed);
  await page.click('#go');
  await page.waitForSelector('#go', { state: 'visible', timeout: 120_000 });
  await outcome(page, '#result');
}

export async function download(page, button = 'Download synthetic CSV') {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

/** Shows one part of the result: Truth, Utility, Safety, Fairness, Rows or All figures. */
export const openTab = (page, name) => page.getByRole('tab', { name }).click();

/** What the page says is wrong, or null. */
export const problem = (page) => page.evaluate(() => document.querySelector('#problem:not([hidden]) p')?.textContent ?? null);

const outcome = (page, selector) => page.waitForSelector(`${selector}:not([hidden]), #problem:not([hidden])`, { timeout: 120_000 });

/** Splits CSV into rows of cells, quotes as in RFC 4180. */
export function parseCsv(text) {
  const rows = [[]];
  for (const [, cell, end] of text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/g)) {
    rows.at(-1).push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '') break;
    if (end !== ',') rows.push([]);
  }
  if (rows.at(-1).join('') === '') rows.pop();
  return rows;
}
