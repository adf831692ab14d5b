// What tells of persons: told before anything is generated, and none of it in what comes out.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { choose, download, generate, openBrowser, parseCsv, problem, standinHtml } from './harness.mjs';

let browser;
before(async () => (browser = await openBrowser()));
after(() => browser.close());

/** ISO 13616: the check digits of a German account. */
function iban(account) {
  const check = 98n - BigInt(`${account}131400`) % 97n;
  return `DE${String(check).padStart(2, '0')}${account}`;
}

const given = ['Nora', 'Karl', 'Ines', 'Paul', 'Vera', 'Hugo', 'Ida', 'Otto', 'Rita', 'Ralf'];
const family = ['Adler', 'Brandt', 'Conrad', 'Dietz', 'Engel', 'Faber', 'Gruber', 'Haas'];
const people = Array.from({ length: 80 }, (_, i) => [
  `${given[i % 10]} ${family[Math.floor(i / 10)]}`,
  `${given[i % 10]}${i}@corp.test`.toLowerCase(),
  `+49 171 ${String(4_000_000 + i * 7919)}`,
  iban(String(370_400_440_000_000_000n + BigInt(i) * 532_013_007n)),
  (48.0137 + (i % 9) / 10).toFixed(4),
  ['north', 'south', 'east'][i % 3],
]);
const content = [['customer_name', 'email', 'phone', 'iban', 'latitude', 'region'], ...people].map((row) => row.join(',')).join('\n');

test('personal columns are told first, and made up', async () => {
  const page = await browser.open(standinHtml);
  await choose(page, { name: 'customers.csv', content });
  assert.equal(await problem(page), null);
  const box = page.locator('#personal');
  assert.equal(await box.locator('h2').textContent(), '4 columns look personal');
  const told = await box.locator('li strong').allTextContents();
  assert.deepEqual(told, ['customer_name', 'email', 'phone', 'iban', 'latitude']);
  const [boxTop, tableTop] = await Promise.all([box, page.locator('.columns')].map(async (part) => (await part.boundingBox()).y));
  assert.ok(boxTop < tableTop);

  await generate(page, { rows: 80, seed: '3' });
  assert.equal(await problem(page), null);
  const rows = parseCsv((await download(page)).bytes.toString()).slice(1);
  assert.equal(rows.length, 80);
  for (const place of [0, 1, 2, 3]) {
    const real = new Set(people.map((row) => row[place]));
    assert.ok(rows.every((row) => row[place] !== '' && !real.has(row[place])), `column ${place}`);
    assert.equal(new Set(rows.map((row) => row[place])).size, 80);
  }
  assert.ok(rows.every((row) => BigInt(`${row[3].slice(4)}1314${row[3].slice(2, 4)}`) % 97n === 1n));
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('a personal column can be made another kind, and the box follows', async () => {
  const page = await browser.open(standinHtml);
  await choose(page, { name: 'customers.csv', content });
  await page.getByLabel('Kind of phone').selectOption('id');
  await page.waitForFunction(() => document.querySelector('#personal h2').textContent.startsWith('3 columns'));
  await page.getByLabel('Kind of region').selectOption('city');
  await page.waitForFunction(() => document.querySelector('#personal h2').textContent.startsWith('4 columns'));
  await page.getByLabel('Use email').uncheck();
  await page.waitForFunction(() => document.querySelector('#personal h2').textContent.startsWith('3 columns'));
  await page.close();
});
