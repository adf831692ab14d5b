// For everyone: the sample table by keyboard alone, and axe on every state of the page in both schemes and two widths.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { choose, generate, openBrowser, parseCsv, require, standinHtml } from './harness.mjs';

let browser;
before(async () => (browser = await openBrowser()));
after(() => browser.close());

async function tabTo(page, id) {
  for (let i = 0; i < 80; i++) {
    if ((await page.evaluate(() => document.activeElement.id)) === id) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never reached #${id}`);
}

test('the sample table by keyboard alone', async () => {
  const page = await browser.open(standinHtml);
  await tabTo(page, 'sample');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.id === 'table');
  await tabTo(page, 'rows');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('40');
  await tabTo(page, 'go');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.id === 'result');
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press('Tab');
  assert.match(await focused(), /^See why/);
  for (let i = 0; i < 9 && !/^Download/.test(await focused()); i++) await page.keyboard.press('Tab');
  assert.match(await focused(), /^Download synthetic CSV/);
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  assert.equal(parseCsv(await readFile(await file.path(), 'utf8')).length, 41);
  await page.close();
});

test('the tabs of the result by keyboard', async () => {
  const page = await browser.open(standinHtml);
  await page.click('#sample');
  await page.waitForSelector('#columns:not([hidden])');
  await generate(page, { rows: 60, seed: '1' });
  const shown = () => page.evaluate(() => [document.activeElement.id, ...[...document.querySelectorAll('[role=tabpanel]:not([hidden])')].map(({ id }) => id)].join());
  const press = async (key, id) => {
    await page.keyboard.press(key);
    assert.equal(await shown(), `tab-${id},panel-${id}`, key);
    assert.deepEqual(await page.$$eval('[role=tab]', (tabs) => tabs.filter((tab) => tab.tabIndex === 0 && tab.getAttribute('aria-selected') === 'true').map((tab) => tab.id)), [`tab-${id}`]);
  };
  await tabTo(page, 'tab-truth');
  await press('ArrowLeft', 'figures');
  await press('ArrowRight', 'truth');
  await press('ArrowRight', 'utility');
  await press('End', 'figures');
  await press('ArrowLeft', 'rows');
  await press('Home', 'truth');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'panel-truth', 'one stop for all tabs');
  await page.getByRole('button', { name: 'See why: Safety' }).press('Enter');
  assert.equal(await shown(), 'tab-safety,panel-safety');
  await page.close();
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [360, 1280]) {
    test(`axe finds nothing serious, and nothing is cut off: ${colorScheme}, ${width} px`, async () => {
      const page = await browser.open(standinHtml, { colorScheme });
      await page.setViewportSize({ width, height: 800 });
      const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
      await page.evaluate(axe);
      const check = async (state) => {
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        assert.deepEqual(serious.map(({ id, nodes }) => `${state}: ${id} ${nodes[0].html}`), []);
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(excess, 0, `${state}: the page scrolls sideways`);
      };
      await check('start');
      await page.getByText('How to check').click();
      await page.click('#try-send');
      await page.waitForSelector('#untried:not([hidden])');
      await check('what was tried to be sent');
      await choose(page, { name: 'empty.csv', content: '' });
      await check('problem');
      await page.click('#sample');
      await page.waitForSelector('#columns:not([hidden])');
      await page.getByText('More options').click();
      await check('columns');
      await generate(page, { rows: 600, seed: '1' });
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        await check(`result, ${await tab.textContent()}`);
      }
      await page.close();
    });
  }
}
