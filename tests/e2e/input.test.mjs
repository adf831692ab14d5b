// Bad input: each gets one message with a way out, and the page goes on working without a reload.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { choose, download, generate, openBrowser, parseCsv, problem, standinHtml } from './harness.mjs';

let browser;
let page;
before(async () => {
  browser = await openBrowser();
  page = await browser.open(standinHtml);
});
after(() => browser.close());

const rows = (count, row) => Array.from({ length: count }, (_, i) => row(i)).join('\n');
const table = `dose,ward\n${rows(60, (i) => `${(i * 7) % 11},${i % 3 ? 'north' : 'south'}`)}\n`;
const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');

async function startOver() {
  if (await page.isVisible('#restart')) await page.click('#restart');
}

/** After anything that went wrong, a good table goes through on the same page. */
async function pageGoesOn() {
  await startOver();
  await choose(page, { name: 'good.csv', content: table });
  await generate(page, { rows: 40, seed: '1' });
  assert.equal(await problem(page), null);
  assert.equal(parseCsv((await download(page)).bytes.toString()).length, 41);
  await startOver();
  assert.deepEqual(page.problems, []);
}

/** Where the message comes when the file is opened, and what it must say. */
const refused = [
  ['an empty file', '', /empty/i],
  ['a header without rows', 'dose,ward\n', /row/i],
  ['a PNG', png, /text|image|PNG/i],
  ['NUL bytes', Buffer.from('a,b\n1,\0\n2,\0\n'), /NUL|text|binary/i],
  ['UTF-8 that breaks', Buffer.concat([Buffer.from(`name,b\n${'x,1\n'.repeat(20_000)}`), Buffer.from([0xe9, 0x2c, 0x31, 0x0a])]), /UTF-8/i],
  ['10,000 columns', `${rows(10_000, (i) => `c${i}`).replaceAll('\n', ',')}\n${rows(10_000, () => '1').replaceAll('\n', ',')}\n`, /columns/i],
];

for (const [what, content, says] of refused) {
  test(`${what}: refused with a message`, async () => {
    await choose(page, { name: 'bad.csv', content });
    const message = await problem(page);
    assert.match(message ?? 'no message', says);
    assert.ok(message.length < 300, message);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'problem');
    await pageGoesOn();
  });
}

/** Read without complaint, but too little to learn from. */
const tooLittle = [
  ['one row', 'dose,ward\n1,north\n', /row/i],
  ['nothing but missing values', `dose,ward\n${rows(40, () => ',')}\n`, /missing|value|empty/i],
];

for (const [what, content, says] of tooLittle) {
  test(`${what}: refused with a message, at the latest when generating`, async () => {
    await choose(page, { name: 'bad.csv', content });
    if (await page.isVisible('#go')) await generate(page);
    assert.match((await problem(page)) ?? 'no message', says);
    await pageGoesOn();
  });
}

test('one column works', async () => {
  await choose(page, { name: 'one.csv', content: `dose\n${rows(60, (i) => (i * 7) % 11)}\n` });
  await generate(page, { rows: 25, seed: '1' });
  assert.equal(await problem(page), null);
  assert.equal(parseCsv((await download(page)).bytes.toString()).length, 26);
  await pageGoesOn();
});

test('ragged rows can be left out with one button', async () => {
  await choose(page, { name: 'ragged.csv', content: `${table}5\n6,north\n7,south,extra\n` });
  assert.match(await problem(page), /62/);
  await page.getByRole('button', { name: 'Leave out the bad rows and go on' }).click();
  await page.waitForSelector('#columns:not([hidden])');
  assert.match(await page.textContent('#table-facts'), /2 bad rows left out/);
  await generate(page, { rows: 30 });
  assert.equal(await problem(page), null);
  await pageGoesOn();
});

test('a request for 0 rows is explained beside the field', async () => {
  await choose(page, { name: 'good.csv', content: table });
  await page.fill('#rows', '0');
  await page.click('#go');
  assert.match(await page.textContent('#rows-error'), /1 or more/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'rows');
  await generate(page, { rows: 3 });
  assert.equal(await page.textContent('#rows-error'), '');
  await pageGoesOn();
});

test('markup in a table stays text', async () => {
  const name = '<img src=x onerror=alert(1)>';
  await choose(page, { name: 'markup.csv', content: `${name},b\n${rows(60, (i) => `<b>${i % 4}</b>,${i % 5}`)}\n` });
  assert.equal(await page.locator('.columns .name').first().textContent(), name);
  await generate(page, { rows: 20 });
  assert.equal(await page.locator('main img, main b').count(), 0);
  await pageGoesOn();
});

test('4,096 columns stay quick to page and search', async (t) => {
  const names = Array.from({ length: 4096 }, (_, i) => `gene_${i}`);
  const content = [names.join(','), ...Array.from({ length: 30 }, (_, r) => names.map((_, c) => (r * 31 + c * 17) % 101).join(','))].join('\n');
  const started = performance.now();
  await choose(page, { name: 'wide.csv', content });
  assert.equal(await problem(page), null);
  t.diagnostic(`4,096 columns shown in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  assert.equal(await page.locator('.columns tbody tr').count(), 50);
  await page.getByRole('button', { name: 'Next' }).click();
  assert.equal(await page.locator('.columns .name').first().textContent(), 'gene_50');
  await page.getByLabel('Find a column').fill('gene_4095');
  assert.equal(await page.locator('.columns tbody tr').count(), 1);
  await pageGoesOn();
});

test('what was made of the file is told, and written back', async () => {
  const latin = Buffer.from(`Report of May\n\n${rows(60, (i) => `${(i * 7) % 11};caf\u00e9 ${i % 3}`)}\n`, 'latin1');
  await choose(page, { name: 'latin.csv', content: latin });
  const facts = await page.textContent('#table-facts');
  for (const fact of ['separated by semicolons', 'windows-1252', 'no header line: columns are numbered', '2 lines above the table left out'])
    assert.ok(facts.includes(fact), facts);
  await generate(page, { rows: 40, seed: '1' });
  assert.equal(await problem(page), null);
  const written = (await download(page)).bytes.toString('latin1').trim().split('\n');
  assert.equal(written.length, 40);
  assert.match(written[0], /^\d+;caf\u00e9 \d$/);
  await pageGoesOn();
});

test('a sample of a larger table is said to be one', async () => {
  await choose(page, { name: 'large.csv', content: `a,b\n${'1,x\n2,y\n'.repeat(600_000)}` });
  assert.equal(await problem(page), null);
  assert.match(await page.textContent('#table-facts'), /a random \d{3},\d{3} of 1,200,000 rows are used/);
  assert.equal(await page.inputValue('#rows'), '1200000');
  await pageGoesOn();
});

test('how a file was read can be overruled', async () => {
  const content = `1,5;2\n${rows(59, (i) => `${i % 7},5;${i % 3}`)}\n\nSource: the office\n`;
  await choose(page, { name: 'told.csv', content });
  const facts = () => page.textContent('#table-facts');
  assert.match(await facts(), /60 rows · 2 columns .* separated by semicolons · no header line.* 1 line below the table left out/);
  await page.click('#how summary');
  assert.match(await page.textContent('#how-body'), /1 record below the table was left out, from line 62/);
  const told = async (change, expected) => {
    await change();
    await page.waitForFunction((text) => document.querySelector('#table-facts').textContent.includes(text), expected);
    assert.equal(await problem(page), null);
  };
  await told(() => page.selectOption('#first-line', 'true'), '59 rows · 2 columns');
  assert.equal(await page.locator('.columns .name').first().textContent(), '1,5');
  assert.equal(await page.inputValue('#first-line'), 'true');
  await told(() => page.selectOption('#delimiter', ','), 'bytes · 1 line below');
  await told(() => page.selectOption('#delimiter', ''), 'separated by semicolons');
  await told(() => page.selectOption('#encoding', 'windows-1252'), 'windows-1252');
  await told(() => page.selectOption('#first-line', ''), '60 rows · 2 columns');
  await generate(page, { rows: 30, seed: '1' });
  assert.equal(await problem(page), null);
  assert.match((await download(page)).bytes.toString(), /^\d,5;\d\n/);
  await pageGoesOn();
});
