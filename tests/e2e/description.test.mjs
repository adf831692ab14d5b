// What each column is, saved from one table and used for the next; and what holds between columns.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { choose, download, generate, openBrowser, parseCsv, problem, standinHtml, temporaryFile } from './harness.mjs';

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

test('a few rows that do not fit are left out with one click', async (t) => {
  const cells = (i, fee) => `${['north', 'south', 'east'][(i * 7) % 3]},${fee ?? ((i * 7919) % 9973) / 10},${(i * 31) % 7}`;
  const visits = (bad) => ['ward,fee,beds', ...Array.from({ length: 300 }, (_, i) => cells(i, bad[i]))].join('\n');
  const page = await browser.open(standinHtml);
  await choose(page, { name: 'visits.csv', content: visits({ 3: '12a', 78: 'about 90', 89: '7-8' }) });
  const kind = () => page.locator('#column-1-kind').inputValue();
  const facts = () => page.locator('#table-facts').textContent();
  const box = page.getByLabel('Read as numbers and leave out 3 rows that are none (lines 5, 80, 91)');
  const inferred = await kind();
  assert.notEqual(inferred, 'numerical');
  assert.equal(await box.isChecked(), false);
  await box.check();
  await page.waitForFunction(() => document.querySelector('#column-1-kind').value === 'numerical');
  assert.equal(await box.isChecked(), true);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'column-1-nearly');
  assert.ok((await facts()).includes('3 rows left out for cells that do not fit'), await facts());
  const saved = await download(page, 'Save what each column is');

  await box.uncheck();
  await page.waitForFunction((inferred) => document.querySelector('#column-1-kind').value === inferred, inferred);
  assert.ok(!(await facts()).includes('left out'), await facts());
  await box.check();
  await page.waitForFunction(() => document.querySelector('#column-1-kind').value === 'numerical');
  await generate(page, { rows: 200, seed: '1' });
  const { bytes } = await download(page);
  const fees = parseCsv(bytes.toString()).slice(1).map(([, fee]) => fee);
  assert.ok(fees.length === 200 && fees.every((fee) => fee !== '' && Number.isFinite(Number(fee))), fees.join());

  await page.click('#restart');
  await choose(page, await temporaryFile(t, 'next.csv', visits({ 0: 'free', 9: '5 or 6' })));
  await useDescription(page, saved.bytes);
  await page.waitForFunction(() => document.querySelector('#description-said').textContent !== '');
  const said = await page.locator('#description-said').textContent();
  assert.ok(said.includes('2 rows left out, whose cells cannot be read as numerical (lines 2, 11)'), said);
  assert.equal(await kind(), 'numerical');
  assert.deepEqual(page.problems, []);
  await page.close();
});
