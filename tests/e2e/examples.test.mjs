// The examples as whoever copies them has them: with the package installed as npm packs it, built by their own tools, in Chromium
// and in Node, and each with the bytes of the native program.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { dist, filesUnder, native, openBrowser, serve } from './harness.mjs';

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { scripts, devDependencies } = JSON.parse(await readFile(here('../../examples/package.json'), 'utf8'));
const folders = (await readdir(here('../../examples'), { withFileTypes: true })).filter((entry) => entry.isDirectory() && entry.name !== 'node_modules').map(({ name }) => name);

/** What is served of an example that is not its folder itself. */
const BUILT = { vite: 'dist', next: 'out' };
const TABLE = `n,kind\n${Array.from({ length: 600 }, (_, i) => `${(i * 37) % 101},${'abc'[i % 3]}`).join('\n')}\n`;

/** Where the examples' tools are installed, and the examples are put beside them; without tools, anywhere. */
let home;
let browser;
const inputs = []; // a table, and the bytes that the native program makes of it
before(async () => {
  home = process.env.STANDIN_EXAMPLES ?? (await mkdtemp(join(tmpdir(), 'standin-examples-')));
  for (const folder of folders) {
    await rm(join(home, folder), { recursive: true, force: true });
    await cp(here(`../../examples/${folder}`), join(home, folder), { recursive: true });
  }
  await rm(join(home, 'node_modules/standin'), { recursive: true, force: true }); // npm would keep an old one of the same version
  await npm('install', '--no-save', '--install-links', '--offline', '--ignore-scripts', join(dist, 'npm'));
  await writeFile(join(home, 'table.csv'), TABLE);
  await cp(here('fixtures/visits.parquet'), join(home, 'table.parquet'));
  for (const name of ['table.csv', 'table.parquet']) {
    const expected = join(home, `expected-${name}`);
    await run(native, ['synth', join(home, name), '-o', expected, '--seed', '7', '--rows', '1000']);
    inputs.push({ path: join(home, name), expected: await readFile(expected) });
  }
  browser = await openBrowser();
});
after(async () => {
  await browser.close();
  if (!process.env.STANDIN_EXAMPLES) await rm(home, { recursive: true, force: true });
});

/** npm in that folder, with the node that runs this, and without a word to those who made a tool. */
function npm(...args) {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  return run('npm', args, { cwd: home, timeout: 120_000, env: { ...process.env, PATH, NEXT_TELEMETRY_DISABLED: '1' } });
}

for (const name of folders.filter((name) => name !== 'node')) {
  const skip = name in scripts && !process.env.STANDIN_EXAMPLES ? 'the examples’ tools could not be installed' : false;
  test(`example ${name}: the bytes of the native program, and nothing asked for but its own files`, { skip }, async (t) => {
    if (name in scripts) await npm('run', name);
    const folder = join(home, name, BUILT[name] ?? '');
    const files = { ...(await filesUnder(folder)), ...(name in scripts ? {} : await filesUnder(join(home, 'node_modules/standin'), '/standin/')) };
    const server = await serve(join(folder, 'index.html'), {}, files);
    t.after(() => server.close());
    const asked = []; // for each of the tables, what the page and its workers ask for, wherever that is
    const remember = (request) => request.url().startsWith('blob:') || asked.at(-1).add(request.url());
    browser.context.on('request', remember);
    t.after(() => browser.context.off('request', remember));
    for (const { path, expected } of inputs) {
      asked.push(new Set());
      const page = await browser.open(server.url);
      await page.setInputFiles('input', path);
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
      assert.ok(expected.equals(await readFile(await file.path())), path);
      assert.deepEqual(page.problems, []);
      if (name === 'iframe') assert.deepEqual(await Promise.all(page.frames().map(canSend)), [true, false]);
      await page.close();
    }
    const own = new Set(['/', '/favicon.ico', ...Object.keys(files)]);
    for (const address of [...asked[0], ...asked[1]]) {
      assert.ok(address.startsWith(server.url) && own.has(new URL(address).pathname), address);
    }
    for (const request of server.requests) assert.ok(own.has(request.slice('GET '.length)), request);
    assert.ok(asked[1].difference(asked[0]).size > 0, 'what reads Parquet comes when it is needed, and not before');
  });
}

test('example iframe, with an origin of its own: the same bytes, and no way into the page around it', async (t) => {
  const folder = join(home, 'iframe');
  const outer = await readFile(join(folder, 'index.html'), 'utf8');
  const sandboxed = outer.replace('<iframe ', '<iframe sandbox="allow-scripts" ').replace("location.origin, [theirs]", "'*', [theirs]");
  assert.ok(sandboxed.includes('sandbox=') && sandboxed.includes("'*', [theirs]"));
  await writeFile(join(home, 'sandboxed.html'), sandboxed);
  const files = { ...(await filesUnder(folder)), ...(await filesUnder(join(home, 'node_modules/standin'), '/standin/')) };
  const server = await serve(join(home, 'sandboxed.html'), { 'access-control-allow-origin': '*' }, files);
  t.after(() => server.close());
  for (const { path, expected } of inputs) {
    const page = await browser.open(server.url);
    await page.setInputFiles('input', path);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
    assert.ok(expected.equals(await readFile(await file.path())), path);
    const [, frame] = page.frames();
    const reaches = () => {
      try {
        return Boolean(parent.document);
      } catch {
        return false;
      }
    };
    assert.deepEqual([await frame.evaluate(() => self.origin), await frame.evaluate(reaches), await canSend(frame)], ['null', false, false]);
    assert.deepEqual(page.problems, []);
    await page.close();
  }
});

const canSend = (frame) => frame.evaluate(() => fetch('/').then(() => true, () => false));

test('example node: the bytes of the native program', async () => {
  for (const { path, expected } of inputs) {
    await run(process.execPath, ['synthesize.mjs', path, 'synthetic'], { cwd: join(home, 'node'), timeout: 60_000 });
    assert.ok(expected.equals(await readFile(join(home, 'node/synthetic'))), path);
  }
});

test('the README lists every example, and the versions that were driven', async () => {
  const readme = await readFile(here('../../README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| \[`(\w+)`\]\(examples\/\1\) \|.*\| (.*) \|$/gm)];
  assert.deepEqual(rows.map(([, folder]) => folder).sort(), folders.sort());
  const told = rows.flatMap(([, , versions]) => versions.split(', ')).filter((word) => /^[@a-z/-]+ \d/.test(word));
  const driven = Object.entries(devDependencies).map(([tool, version]) => `${tool} ${version}`);
  assert.deepEqual(told.sort(), driven.sort());
});
