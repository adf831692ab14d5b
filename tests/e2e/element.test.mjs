// The custom element as another page has it: under a strict policy, by mouse and by keyboard, with its events.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, beforeEach, test } from 'node:test';
import { openBrowser, packageFiles, require, serve, temporaryFile } from './harness.mjs';

// Neither inline styles nor inline scripts, and no connection to anywhere.
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src blob:; connect-src 'none'; require-trusted-types-for 'script'; trusted-types standin";
const HOST = `
  import { defineSynthesizer } from '/standin/element.js';
  window.told = [];
  for (const what of ['inspected', 'progress', 'done', 'error']) addEventListener('standin-' + what, ({ detail }) => told.push([what, detail]));
  window.refused = [];
  document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => refused.push(violatedDirective));
  document.querySelector('standin-synthesizer').strings = { choose: 'Datei wählen' }; // before it is defined
  window.Synthesizer = defineSynthesizer();
  window.same = defineSynthesizer() === Synthesizer;`;
const TABLE = `n,kind\n${Array.from({ length: 400 }, (_, i) => `${(i * 37) % 101},${'abc'[i % 3]}`).join('\n')}\n`;

let browser;
let server;
let page;
before(async () => {
  const html = '<!doctype html><html lang="en"><title>Element</title><meta name="color-scheme" content="light dark"><main><h1>Host</h1><standin-synthesizer rows="50" seed="7"><span slot="hint">CSV, <a href="#more">and more</a></span></standin-synthesizer></main><script type="module" src="/host.js"></script></html>';
  const index = await temporaryFile({ after }, 'index.html', html);
  const host = await temporaryFile({ after }, 'host.js', HOST);
  server = await serve(index, { 'content-security-policy': POLICY }, { ...(await packageFiles()), '/host.js': host });
  browser = await openBrowser();
});
after(async () => {
  await browser.close();
  await server.close();
});
beforeEach(async () => {
  await page?.close();
  page = await browser.open(server.url);
  await page.waitForFunction(() => window.same);
});

const part = (name) => page.locator(`standin-synthesizer [part~="${name}"]`);
const give = (name, content) => page.locator('standin-synthesizer input').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
const events = (what) => page.evaluate((what) => told.filter(([name]) => name === what).length, what);

test('a chosen file becomes a synthetic one: events, attributes, and the bytes the engine gives', async () => {
  assert.equal(await part('choose').textContent(), 'Datei wählen');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), part('title').click()]); // anywhere but on a link
  await chooser.setFiles({ name: 'visits.csv', mimeType: 'text/csv', buffer: Buffer.from(TABLE) });
  const [file] = await Promise.all([page.waitForEvent('download'), part('download').click()]);
  assert.equal(file.suggestedFilename(), 'visits-synthetic.csv');
  const bytes = await readFile(await file.path(), 'utf8');
  const [expected, done, inspected] = await page.evaluate(async (table) => {
    const { createEngine } = await import('/standin/index.js');
    const engine = await createEngine();
    const csv = await (await engine.fit(table, { seed: '7' })).sample({ numRows: 50 }).text();
    const detail = (what) => told.find(([name]) => name === what)[1];
    const { blob, info, name } = detail('done');
    return [csv, [blob.type, info.seed, info.rows, name], detail('inspected').inspection.rows];
  }, TABLE);
  assert.equal(bytes, expected);
  assert.deepEqual(done, ['text/csv', '7', 400, 'visits-synthetic.csv']);
  assert.equal(inspected, 400);
  assert.ok((await events('progress')) > 2);
  assert.equal(await part('title').textContent(), '50 synthetic rows are ready');
  await part('another').click();
  assert.ok(await part('choose').isVisible());
  assert.deepEqual([await page.evaluate(() => refused), page.problems], [[], []]);
});

test('a dropped file, with other attributes; with the keyboard it goes on', async () => {
  await page.evaluate((table) => {
    const element = document.querySelector('standin-synthesizer');
    element.setAttribute('format', 'jsonl');
    element.setAttribute('download-name', 'out.jsonl');
    element.removeAttribute('rows');
    const transfer = new DataTransfer();
    transfer.items.add(new File([table], 'visits.csv'));
    const fire = (type) => element.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    window.prevented = ['dragover', 'drop'].map((type) => !fire(type));
  }, TABLE);
  await part('download').waitFor();
  assert.deepEqual(await page.evaluate(() => prevented), [true, true]);
  await page.keyboard.press('Tab');
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  assert.equal(file.suggestedFilename(), 'out.jsonl');
  const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual([lines.length, Object.keys(lines[0])], [400, ['n', 'kind']]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.textContent), 'Datei wählen', 'focus stays where one can go on');
});

test('problems are told, typed, and bad rows can be left out; work can be cancelled', async () => {
  await give('bad.csv', `${TABLE}1\n`);
  await part('problem').waitFor();
  assert.match(await part('problem').textContent(), /^Line 402: /);
  assert.deepEqual(await page.evaluate(() => told.filter(([what]) => what === 'error').map(([, { error }]) => [error.name, error.code, error.row])), [['StandinError', 'ragged-rows', 402]]);
  await part('leave-out').click();
  await part('download').waitFor();
  await page.evaluate(() => document.querySelector('standin-synthesizer').setAttribute('rows', 'many'));
  await part('another').click();
  await give('good.csv', TABLE);
  await part('problem').waitFor();
  assert.match(await part('problem').textContent(), /rows must be a whole number/);
  await page.evaluate(() => document.querySelector('standin-synthesizer').setAttribute('rows', '90000000'));
  await part('another').click();
  await give('good.csv', TABLE);
  await part('cancel').click();
  assert.ok(await part('choose').isVisible());
  assert.equal(await events('error'), 2, 'a cancel is no error');
});

test('one engine for several, which lives on; an own one ends with its element', async () => {
  const seen = await page.evaluate(async (table) => {
    const { createEngine } = await import('/standin/index.js');
    const engine = await createEngine();
    const made = () => document.createElement('standin-synthesizer');
    const [one, two] = [made(), made()];
    for (const element of [one, two]) {
      element.engine = engine;
      document.body.append(element);
      await element.synthesize(new File([table], 'a.csv'));
      element.remove();
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { rows } = await engine.inspect(table);
    engine.terminate();
    const own = document.querySelector('standin-synthesizer');
    await own.synthesize(new File([table], 'a.csv'));
    const before = await own.engine;
    document.body.append(own); // moved
    await new Promise((resolve) => setTimeout(resolve, 50));
    const moved = (await before.inspect(table)).rows;
    own.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { done: told.filter(([what]) => what === 'done').length, rows, moved, ended: await before.inspect(table).catch(({ code }) => code), engine: own.engine };
  }, TABLE);
  assert.deepEqual(seen, { done: 3, rows: 400, moved: 400, ended: 'terminated', engine: null });
});

test('nothing to complain of for axe in any state, in both schemes; nothing is wider than a phone', async () => {
  const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 640 });
    for (const state of ['idle', 'working', 'done', 'problem']) {
      if (state === 'working') {
        await page.evaluate(() => document.querySelector('standin-synthesizer').setAttribute('rows', '90000000'));
        await give('visits-of-the-eastern-clinic-2025.csv', TABLE);
        await part('cancel').waitFor();
      }
      if (state === 'done') {
        await part('cancel').click();
        await page.evaluate(() => document.querySelector('standin-synthesizer').setAttribute('rows', '50'));
        await give('visits-of-the-eastern-clinic-2025.csv', TABLE);
        await part('download').waitFor();
      }
      if (state === 'problem') {
        await part('another').click();
        await give('bad.csv', 'a,b\n1,2\n3\n');
        await part('problem').waitFor();
      }
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run('standin-synthesizer'));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], `${state}, ${colorScheme}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    }
    await part('another').click();
  }
});

test('the example of the README runs as it stands', async (t) => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, example] = readme.match(/```html\n([^]*?)```/);
  const plain = await serve(await temporaryFile(t, 'index.html', `<!doctype html><title>Example</title>\n${example}`), {}, await packageFiles());
  t.after(() => plain.close());
  const visitor = await browser.open(plain.url);
  const logged = visitor.waitForEvent('console', (message) => message.type() === 'log');
  await visitor.locator('standin-synthesizer input').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(TABLE) });
  const [blob, info] = (await logged).args();
  assert.equal((await blob.evaluate((blob) => blob.text())).trimEnd().split('\n').length, 1001);
  assert.equal(await info.evaluate(({ preset }) => preset), 'cautious');
  assert.deepEqual(visitor.problems, []);
});

test('the element asked for nothing but its own modules', () => {
  const asked = new Set(server.requests.filter((request) => !request.includes('favicon')));
  assert.deepEqual([...asked].sort(), ['/', '/host.js', '/standin/element.js', '/standin/index.js', '/standin/slim.js'].map((path) => `GET ${path}`));
});
