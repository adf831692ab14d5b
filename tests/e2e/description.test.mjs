// What each column is, saved from one table and used for the next; and what holds between columns.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { choose, download, openBrowser, problem, standinHtml, temporaryFile } from './harness.mjs';

let browser;
before(async () => (browser = await openBrowser()));
after(() => browser.close());

/** Invented orders; `names` are the header's, in the order of the cells. */
const orders = (names) => {
  const row = (i) => [`2024-01-${String(1 + (i % 17)).padStart(2, '0')}`, `2024-01-${String(1 + (i % 17) + (i % 7)).padStart(2, '0')}`, (i * 37) % 50, `z${i % 40}`, `city ${Math.floor((i % 40) / 4)}`, (i * 7919) % 9973];
  return [names.join(), ...Array.from({ length: 300 }, (_, i) => row(i).join())].join('\n');
};
const NAMES = ['start', 'end', 'age', 'zip', 'city', 'fee'];

const useDescription = (page, content) => page.setInputFiles('#description', { name: 'metadata.json', mimeType: 'application/json', buffer: Buffer.from(content) });

test('a description is saved, and used for another file', async (t) => {
  const page = await browser.open(standinHtml);
  await choose(page, { name: 'first.csv', content: orders(NAMES) });
  await page.getByLabel('Kind of age').selectOption('categorical');
  await page.getByLabel('Use fee').uncheck();
  const saved = await download(page, 'Save what each column is');
  assert.equal(saved.name, 'metadata.json');
  const metadata = JSON.parse(saved.bytes.toString());
  assert.equal(metadata.tables.table.columns.age.sdtype, 'categorical');
  assert.deepEqual(metadata.standin.leave_out, ['fee']);

  await page.click('#restart');
  await choose(page, await temporaryFile(t, 'second.csv', orders(NAMES).replaceAll(',', ';')));
  assert.equal(await page.getByLabel('Kind of age').inputValue(), 'numerical');
  await useDescription(page, saved.bytes);
  await page.waitForFunction(() => document.querySelector('#description-said').textContent !== '');
  assert.equal(await page.getByLabel('Kind of age').inputValue(), 'categorical');
  assert.equal(await page.getByLabel('Use fee').isChecked(), false);
  assert.equal(await problem(page), null);

  await page.click('#restart');
  await choose(page, { name: 'third.csv', content: orders(['start', 'end', 'age', 'zip_code', 'town', 'fee']) });
  await useDescription(page, saved.bytes);
  await page.waitForSelector('#problem:not([hidden])');
  for (const part of ['zip', 'renamed', 'city', 'town']) assert.ok((await problem(page)).includes(part), `${part}: ${await problem(page)}`);
  await useDescription(page, 'no JSON');
  await page.waitForFunction(() => document.querySelector('#problem p')?.textContent.includes('not JSON'));
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('what holds between columns is told, for the columns in use', async () => {
  const page = await browser.open(standinHtml);
  await choose(page, { name: 'orders.csv', content: orders(NAMES) });
  const said = () => page.locator('#relations li').allTextContents();
  assert.ok((await said()).includes('city follows from zip'), (await said()).join());
  assert.ok((await said()).includes('end is never before start'), (await said()).join());
  await page.getByLabel('Use zip').uncheck();
  await page.waitForFunction(() => !document.querySelector('#relations').textContent.includes('zip'));
  await page.close();
});
