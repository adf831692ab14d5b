// Stopping: a cancel ends the work within 200 ms in every phase, and a worker that dies is replaced.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { choose, download, generate, openBrowser, parseCsv, problem, standinHtml, temporaryFile } from './harness.mjs';

const LIMIT_MS = 200;
const REPEATS = 5;

let browser;
let page;
before(async () => {
  browser = await openBrowser();
  page = await browser.open(standinHtml);
});
after(() => browser.close());

/** Numbers and categories that take a while to learn. */
function bigTable(rows) {
  const lines = ['a,b,c,d,e,f'];
  for (let i = 0; i < rows; i++) lines.push(`${(i * 7919) % 10007},${(i * 31) % 97},${((i * i) % 1009) / 8},k${i % 13},${i % 2 ? 'yes' : 'no'},${(i * 17) % 365}`);
  return `${lines.join('\n')}\n`;
}

/** Clicks Cancel `wait` ms after the phase began and measures until the page is ready again. Null if the work was over. */
const cancelDuring = (title, wait, ready) =>
  page.evaluate(
    async ([title, wait, ready]) => {
      const until = async (done) => {
        while (!done()) await new Promise((resolve) => setTimeout(resolve, 1));
      };
      const shown = () => document.querySelector('.progress-title')?.textContent;
      await until(() => shown() === title || document.querySelector('#problem:not([hidden]), #result:not([hidden])'));
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (!shown()) return null;
      const started = performance.now();
      document.querySelector('.progress button').click();
      await until(() => document.querySelector(ready)?.checkVisibility());
      return performance.now() - started;
    },
    [title, wait, ready],
  );

function judge(t, phase, times) {
  const measured = times.filter((time) => time !== null).sort((a, b) => a - b);
  assert.ok(measured.length >= 3, `${phase} was over too soon in ${times.length - measured.length} of ${times.length} runs`);
  const worst = measured.at(-1);
  t.diagnostic(`cancel during ${phase}: median ${measured[measured.length >> 1].toFixed(0)} ms, worst ${worst.toFixed(0)} ms`);
  assert.ok(worst < LIMIT_MS, `${worst} ms`);
}

test('cancel while reading', async (t) => {
  const body = bigTable(50_000);
  const path = await temporaryFile(t, 'long.csv', body + body.slice(body.indexOf('\n') + 1).repeat(60));
  const times = [];
  for (let i = 0; i < REPEATS; i++) {
    await page.setInputFiles('#file', path);
    times.push(await cancelDuring('Reading the file', 20 + 60 * i, '#choose'));
    assert.equal(await problem(page), null);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'choose');
  }
  judge(t, 'read', times);
});

test('cancel while learning, then while writing rows; then everything works', async (t) => {
  await choose(page, await temporaryFile(t, 'big.csv', bigTable(60_000)));
  const learning = [];
  for (let i = 0; i < REPEATS; i++) {
    await page.fill('#seed', `fit ${i}`);
    await page.click('#go');
    learning.push(await cancelDuring('Learning the table', 5 + 25 * i, '#go'));
    assert.equal(await problem(page), null);
  }
  judge(t, 'fit', learning);

  const writing = [];
  await page.fill('#rows', '5000000');
  for (let i = 0; i < REPEATS; i++) {
    await page.click('#go');
    writing.push(await cancelDuring('Writing synthetic rows', 20 + 40 * i, '#go'));
    assert.equal(await problem(page), null);
  }
  judge(t, 'sample', writing);

  await generate(page, { rows: 500 });
  assert.equal(parseCsv((await download(page)).bytes.toString()).length, 501);
  await page.click('#restart');
});

test('cancel while comparing: the rows stay, and the comparison can be made up for', async (t) => {
  await choose(page, { name: 'big.csv', content: bigTable(60_000) });
  await page.fill('#rows', '400000');
  await page.click('#go');
  const times = [await cancelDuring('Comparing with your rows', 0, '#go')];
  assert.equal((await download(page)).bytes.toString().trimEnd().split('\n').length, 400_001);
  const again = page.getByRole('button', { name: 'Compare now' });
  for (let i = 1; i < REPEATS; i++) {
    assert.match(await page.textContent('.notice'), /cancelled/);
    await again.click();
    times.push(await cancelDuring('Comparing with your rows', 30 * i, '#go'));
  }
  judge(t, 'report', times);
  await again.click();
  await page.waitForSelector('.dials', { timeout: 60_000 });
  await page.click('#restart');
});

// (module (func (export "f") unreachable))
const TRAP = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0, 10, 5, 1, 3, 0, 0, 11];

test('a worker that traps while learning is replaced, and the table is still there', async () => {
  await choose(page, { name: 'big.csv', content: bigTable(2_000) });
  await page.workers()[0].evaluate((bytes) => {
    const { f } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
    wasm_bindgen.Fitting.prototype.step = f;
  }, TRAP);
  await generate(page, { seed: 'trap' });
  assert.match(await problem(page), /replaced/);
  await generate(page, { rows: 50 });
  assert.equal(await problem(page), null);
  assert.equal(parseCsv((await download(page)).bytes.toString()).length, 51);
  await page.click('#restart');
});

test('a worker that dies between calls is replaced, with the model it held', async () => {
  await choose(page, { name: 'big.csv', content: bigTable(2_000) });
  await generate(page, { rows: 50, seed: '5' });
  const first = (await download(page)).bytes;
  await page.workers()[0].evaluate((bytes) => {
    const { f } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
    setTimeout(f);
  }, TRAP);
  await page.waitForTimeout(100);
  await generate(page, { rows: 50 });
  assert.equal(await problem(page), null);
  assert.ok((await download(page)).bytes.equals(first));
  assert.deepEqual(page.problems, []);
});
