// The job the page is there for: a table in, the same number of synthetic rows out, over http and from the disk.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { choose, dist, download, drop, generate, native, noData, openBrowser, openTab, parseCsv, problem, serve, site, siteHeaders, standinHtml, table, temporaryFile } from './harness.mjs';

let browser;
before(async () => (browser = await openBrowser()));
after(() => browser.close());

async function runCensus(page, put) {
  const census = (await table('adult/census.csv.gz')).toString();
  await put(census);
  assert.equal(await problem(page), null);
  assert.equal(await page.inputValue('#rows'), '48842');
  const started = performance.now();
  await generate(page, { seed: '42' });
  assert.equal(await problem(page), null);
  const seconds = (performance.now() - started) / 1000;
  const file = await download(page);
  const rows = parseCsv(file.bytes.toString());
  assert.equal(file.name, 'census-synthetic.csv');
  assert.deepEqual(rows[0], parseCsv(census.slice(0, census.indexOf('\n')))[0]);
  assert.equal(rows.length, 48_842 + 1);
  assert.ok(rows.every((row) => row.length === rows[0].length));
  assert.equal(await page.locator('.dial:not(.unasked)').count(), 4); // income is proposed as the target; sex, race, age and others as protected
  assert.ok((await page.locator('.score').count()) >= 11);
  assert.deepEqual(page.problems, []);
  return { bytes: file.bytes, seconds };
}

test('census over http, by the file chooser; no request after load', { skip: noData }, async (t) => {
  const server = await serve(join(site, 'index.html'), await siteHeaders());
  t.after(server.close);
  const page = await browser.open(server.url);
  const path = await temporaryFile(t, 'census.csv', await table('adult/census.csv.gz'));
  const { seconds } = await runCensus(page, () => choose(page, path));
  t.diagnostic(`fit, sample and report in ${seconds.toFixed(1)} s`);
  assert.deepEqual(server.requests, ['GET /']);
  await page.close();
});

test('census from file://, dropped; the same bytes as the native program', { skip: noData }, async (t) => {
  const page = await browser.open(standinHtml);
  const { bytes } = await runCensus(page, (text) => drop(page, 'census.csv', text));
  await page.close();
  const input = await temporaryFile(t, 'census.csv', await table('adult/census.csv.gz'));
  const output = await temporaryFile(t, 'out.csv');
  await promisify(execFile)(native, ['synth', input, '-o', output, '--seed', '42', '--holdout', '0.2']);
  assert.ok(bytes.equals(await readFile(output)), 'browser and native differ');
});

test('a large table gives a first impression, which makes room for the result', async () => {
  const page = await browser.open(standinHtml);
  const line = (i) => `${(i * i) % 97},${'xyz'[i % 3]},${(i * 31) % 1013},${((i * 17) % 29) - i / 1e4}\n`;
  await choose(page, { name: 'large.csv', content: `a,b,c,d\n${Array.from({ length: 9000 }, (_, i) => line(i)).join('')}` });
  // Seen for a moment only, so the page itself keeps what was there.
  await page.evaluate(() => {
    const place = document.querySelector('#impression');
    new MutationObserver(() => (window.seen ||= place.hidden ? '' : place.innerText)).observe(place, { attributes: true, childList: true });
  });
  await generate(page, { rows: 50, seed: '1' });
  assert.equal(await problem(page), null);
  const impression = await page.evaluate(() => window.seen);
  assert.match(impression, /^First impression\n+.*2,000 of your rows/);
  assert.equal(impression.match(/[xyz]\t/g).length, 5, 'rows to look at');
  assert.equal(await page.locator('#impression:not([hidden])').count() + await page.locator('#impression > *').count(), 0);
  assert.equal(await page.locator('#outcome .preview tbody tr').count(), 10);

  const first = (await download(page)).bytes;
  await page.getByText('More options').click();
  await page.getByLabel('Independently').check();
  await generate(page);
  const own = (await download(page)).bytes;
  await openTab(page, 'Rows');
  assert.ok(!own.equals(first), 'other draws, other rows');
  assert.ok(own.toString().startsWith((await page.locator('#outcome .preview').innerText()).split('\n').map((row) => row.split('\t').join(',')).join('\n')), 'the rows shown are those of the file');
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('JSON lines in, JSON lines out; the same bytes as the native program', async (t) => {
  const visit = (i) => ({ stay: { ward: ['east', 'west'][i % 2], nights: i % 9 }, fee: (i % 40) / 8, insured: i % 3 > 0, ...(i % 4 ? { note: null } : {}) });
  const content = Array.from({ length: 120 }, (_, i) => `${JSON.stringify(visit(i))}\n`).join('');
  const page = await browser.open(standinHtml);
  await choose(page, { name: 'visits.jsonl', content });
  assert.match(await page.textContent('#table-facts'), /JSON, an object a line/);
  await generate(page, { rows: 300, seed: '5' });
  const file = await download(page, 'Download synthetic JSON lines');
  assert.equal(file.name, 'visits-synthetic.jsonl');
  const made = file.bytes.toString().trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.equal(made.length, 300);
  assert.ok(made.every(({ stay, fee, insured }) => Number.isInteger(stay.nights) && typeof fee === 'number' && typeof insured === 'boolean'));
  assert.match(await page.textContent('#outcome > .notice'), /only 120 rows/); // without a holdout
  assert.match(await page.textContent('.dial:nth-child(2)'), /Not asked/);
  assert.deepEqual(page.problems, []);
  await page.close();
  const input = await temporaryFile(t, 'visits.jsonl', content);
  const output = await temporaryFile(t, 'out.jsonl');
  await promisify(execFile)(native, ['synth', input, '-o', output, '--seed', '5', '--rows', '300']);
  assert.ok(file.bytes.equals(await readFile(output)), 'browser and native differ');
});

test('the sample table, a saved model and more rows of it', async (t) => {
  const page = await browser.open(standinHtml);
  await page.click('#sample');
  await page.waitForSelector('#columns:not([hidden])');
  assert.equal(await page.locator('.columns tbody tr').count(), 9);
  await generate(page, { rows: 100, seed: 'a' });
  const hundred = (await download(page)).bytes;
  assert.equal(parseCsv(hundred.toString()).length, 101);
  const model = await download(page, 'Save the model');
  assert.equal(model.name, 'clinic.standin');

  await generate(page, { rows: 200 });
  const more = (await download(page)).bytes;
  assert.ok(more.subarray(0, hundred.length).equals(hundred), 'a shorter sample begins a longer one');

  await page.click('#restart');
  await choose(page, await temporaryFile(t, model.name, model.bytes));
  await generate(page, { rows: 100, seed: 'a' });
  assert.equal(await problem(page), null);
  assert.ok((await download(page)).bytes.equals(hundred), 'the saved model gives the same rows');
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('what too few rows share is held back, and listed for the owner alone', async () => {
  const page = await browser.open(standinHtml);
  const town = (i) => (i === 7 ? 'Atlantis' : i < 4 ? 'Utopia' : ['Bonn', 'Wien'][i % 2]);
  const cells = Array.from({ length: 150 }, (_, i) => `${town(i)},${(i * i) % 1009}`);
  await choose(page, { name: 'towns.csv', content: ['town,fee', ...cells].join('\n') });
  await generate(page, { rows: 300, seed: '1' });
  assert.equal(await problem(page), null);
  const held = page.locator('.held');
  assert.match(await held.textContent(), /2 values of \u201ctown\u201d are shared by fewer than 5 rows: they were replaced by commoner ones\./);
  assert.match(await held.textContent(), /numbers of \u201cfee\u201d are made up to fit the others/);
  assert.equal(await held.locator('dd').textContent(), 'Utopia \u00b7 Atlantis');
  const file = (await download(page)).bytes.toString();
  assert.ok(!file.includes('Utopia') && !file.includes('Atlantis'));
  assert.ok(!(await download(page, 'Save the model')).bytes.includes('Utopia'));

  await page.click('#more summary');
  await page.fill('#min-support', '1');
  await page.click('#go');
  assert.match(await page.textContent('#min-support-error'), /from 2 to 1,000/);
  await page.fill('#min-support', '2');
  await generate(page);
  assert.equal(await held.locator('dd').textContent(), 'Atlantis');
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('edits of the columns are kept, and refused ones explained', async () => {
  const page = await browser.open(standinHtml);
  await page.click('#sample');
  await page.waitForSelector('#columns:not([hidden])');
  await page.getByLabel('Use fee').uncheck();
  await page.getByLabel('Kind of age').selectOption('categorical');
  await page.waitForFunction(() => document.querySelector('[aria-label="Kind of age"]').value === 'categorical');
  assert.equal(await page.getByLabel('Use fee').isChecked(), false);

  const switchTo = async (name, on) => {
    await page.getByLabel(`Use ${name}`).click();
    await page.waitForFunction(([name, on]) => [...document.querySelectorAll('.columns tr')].some((row) => row.querySelector(`[aria-label="Use ${name}"]`)?.checked === on && row.classList.contains('left-out') === !on), [name, on]);
  };
  for (const name of ['visit_id', 'visit_date', 'department', 'age', 'temperature_c', 'systolic', 'diastolic']) await switchTo(name, false);
  await page.getByLabel('Use follow_up').click();
  await page.waitForSelector('.columns .field-error');
  assert.equal(await page.getByLabel('Use follow_up').isChecked(), true, 'the last column cannot be left out');
  await switchTo('visit_id', true);
  await switchTo('age', true);
  assert.equal(await page.locator('.columns .field-error').count(), 0);
  await generate(page, { rows: 50, seed: '1' });
  assert.equal(await problem(page), null);
  const [head] = parseCsv((await download(page)).bytes.toString());
  assert.ok(!head.includes('fee') && head.includes('age'));
  await page.close();
});

test('a sign for no value is proposed, counted on a click, and taken back', async () => {
  const page = await browser.open(standinHtml);
  const cells = Array.from({ length: 90 }, (_, i) => `${i % 9 ? 20 + ((i * 7) % 41) : 999},${['low', 'medium', 'high'][i % 3]},${1 + (i % 4)}`);
  await choose(page, { name: 'ages.csv', content: ['age,pain,group', ...cells].join('\n') });
  await page.waitForSelector('#columns:not([hidden])');
  const cell = (name, label) => page.locator('.columns tr', { has: page.getByLabel(`Use ${name}`) }).locator(`[data-label="${label}"]`);
  assert.equal(await page.getByLabel('Kind of pain').inputValue(), 'ordinal');
  await page.getByLabel('Say why each kind was chosen').check();
  assert.match(await page.locator('.columns .evidence').first().textContent(), /^> 9\d\u00a0% sure\. All 4\d different values are whole numbers|^9\d\u00a0% sure\. All 4\d different values are whole numbers/);

  const box = page.getByLabel(/Count \u201c999\u201d as missing \(10 rows/);
  assert.equal(await box.isChecked(), false);
  assert.equal(await cell('age', 'Missing').textContent(), '0\u00a0%');
  await box.check();
  await page.waitForFunction(() => [...document.querySelectorAll('.columns [data-label="Missing"]')][0].textContent.startsWith('11'));
  assert.equal(await box.isChecked(), true);
  await generate(page, { rows: 200, seed: '3' });
  assert.equal(await problem(page), null);
  const ages = parseCsv((await download(page)).bytes.toString()).slice(1).map(([age]) => Number(age));
  assert.ok(ages.includes(999), 'the sign is written back where a value is missing');
  assert.ok(ages.every((age) => age === 999 || age < 90), 'and nothing between, but for the end of the ages');

  await box.uncheck();
  await page.waitForFunction(() => [...document.querySelectorAll('.columns [data-label="Missing"]')][0].textContent.startsWith('0'));
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('pasted text works', async () => {
  const page = await browser.open(standinHtml);
  const lines = Array.from({ length: 60 }, (_, i) => `${i % 7}\t${i % 3 ? 'north' : 'south'}`);
  await page.getByText('Paste text instead').click();
  await page.fill('#pasted', ['dose\tward', ...lines].join('\n'));
  await page.click('#use-pasted');
  await page.waitForSelector('#columns:not([hidden])');
  await generate(page, { rows: 30 });
  assert.equal(await problem(page), null);
  assert.match(await page.textContent('.notice, .dials'), /./);

  await page.close();
});

test('the one file is whole: it names nothing to load', async () => {
  const html = await readFile(join(dist, 'standin.html'), 'utf8');
  const markup = html.replaceAll(/(<script[^>]*>|<style>)[^]*?(<\/script>|<\/style>)/g, '$1$2');
  const named = [...markup.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, target]) => target);
  assert.ok(named.every((target) => target.startsWith('data:') || target.startsWith('#')), named.join());
  assert.ok(markup.includes("connect-src 'none'"));
});
