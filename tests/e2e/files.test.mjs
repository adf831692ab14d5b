// Excel and Parquet: read and written in the tab by a module of its own, which nobody else loads.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { choose, download, generate, openBrowser, packageFiles, parseCsv, problem, serve, site, siteHeaders, temporaryFile } from './harness.mjs';
import { workbook } from './workbook.mjs';

/** Two row groups of typed columns and a list; tests/it/files.rs makes it. */
const visits = fileURLToPath(new URL('fixtures/visits.parquet', import.meta.url));
const sheets = {
  Notes: [],
  May: [['Visits of May'], [], ['ward', 'nights', 'fee'], ...Array.from({ length: 300 }, (_, i) => [['east', 'west', 'north'][i % 3], i % 9, (i % 40) / 8])],
  June: [['dose', 'kind'], ...Array.from({ length: 80 }, (_, i) => [(i * 7) % 11, i % 4 ? 'a' : 'b'])],
};

let browser;
let server;
let page;
before(async () => {
  browser = await openBrowser();
  await browser.context.addInitScript(() => {
    globalThis.compiled = 0;
    const { compile } = WebAssembly;
    WebAssembly.compile = (...given) => (globalThis.compiled++, compile(...given));
  });
  server = await serve(join(site, 'index.html'), await siteHeaders());
  page = await browser.open(server.url);
});
after(async () => {
  await browser.close();
  await server.close();
});

const compiled = () => page.evaluate(() => globalThis.compiled);
const facts = () => page.textContent('#table-facts');
const startOver = async () => (await page.isVisible('#restart')) && page.click('#restart');

async function pageGoesOn() {
  await startOver();
  await choose(page, { name: 'good.csv', content: `dose,ward\n${Array.from({ length: 60 }, (_, i) => `${(i * 7) % 11},${i % 3 ? 'n' : 's'}`).join('\n')}\n` });
  await generate(page, { rows: 40, seed: '1' });
  assert.equal(await problem(page), null);
  await startOver();
  assert.deepEqual(page.problems, []);
}

test('a CSV file does without the module', async () => {
  await pageGoesOn();
  assert.equal(await compiled(), 1);
});

test('a Parquet file comes in and a Parquet file goes out', async (t) => {
  await choose(page, visits);
  assert.equal(await problem(page), null);
  assert.match(await facts(), /^40 rows · 7 columns .* Parquet · 1 column of lists or maps left out/);
  await page.click('#how summary');
  assert.match(await page.textContent('#how-body'), /A column was left out, for holding lists or maps: "tags"/);
  assert.equal(await page.locator('#how-body select').count(), 0);
  await generate(page, { rows: 500, seed: '1' });
  assert.equal(await problem(page), null);
  assert.equal(await page.locator('.dial').count(), 4, 'the rows were compared with the table');
  const { name, bytes } = await download(page, 'Download synthetic Parquet');
  assert.equal(name, 'visits-synthetic.parquet');
  assert.equal(`${bytes.subarray(0, 4)} ${bytes.subarray(-4)}`, 'PAR1 PAR1');
  await startOver();
  await choose(page, await temporaryFile(t, name, bytes));
  assert.match(await facts(), /^500 rows · 7 columns .* Parquet/);
  const names = await page.locator('.columns .name').allTextContents();
  assert.deepEqual(names, ['id', 'day', 'at', 'fee', 'weight', 'stay.ward', 'stay.nights']);
  assert.equal(await compiled(), 2);
  await pageGoesOn();
});

test('a workbook is read sheet by sheet, and gives CSV', async (t) => {
  await choose(page, await temporaryFile(t, 'visits.xlsx', workbook(sheets)));
  assert.equal(await problem(page), null);
  assert.match(await facts(), /^300 rows · 3 columns .* Excel, to be written as CSV · sheet "May" of 3 · .*above the table left out/);
  await generate(page, { rows: 50, seed: '1' });
  const { name, bytes } = await download(page);
  assert.equal(name, 'visits-synthetic.csv');
  const rows = parseCsv(bytes.toString());
  assert.deepEqual([rows.length, ...rows[0]], [51, 'ward', 'nights', 'fee']);
  await page.click('#how summary');
  await page.selectOption('#sheet', 'June');
  await page.waitForFunction(() => document.querySelector('#table-facts').textContent.includes('sheet "June" of 3'));
  assert.match(await facts(), /^80 rows · 2 columns/);
  await page.selectOption('#sheet', 'Notes');
  await page.waitForSelector('#problem:not([hidden])');
  assert.match(await problem(page), /this sheet is empty: choose another one/i);
  assert.match(await facts(), /^80 rows · 2 columns/);
  await generate(page, { rows: 30, seed: '1' });
  assert.deepEqual(parseCsv((await download(page)).bytes.toString())[0], ['dose', 'kind']);
  assert.equal(await compiled(), 2);
  await pageGoesOn();
});

test('what cannot be read is refused with a way out', async (t) => {
  const parquet = await readFile(visits);
  const book = workbook(sheets);
  const refused = [
    ['cut.parquet', parquet.subarray(0, -300), /damaged/],
    ['cut.xlsx', book.subarray(0, -300), /damaged.*CSV UTF-8/],
    ['old.xls', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]), /\.xlsx/],
    ['sheet.ods', Buffer.from('PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\x2e\0\0\0\x2e\0\0\0\x08\0\0\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet', 'latin1'), /\.xlsx/],
  ];
  for (const [name, bytes, says] of refused) {
    await choose(page, await temporaryFile(t, name, bytes));
    assert.match((await problem(page)) ?? 'no message', says, name);
    await pageGoesOn();
  }
});

test('damage anywhere ends in an answer, and the engine lives on', async (t) => {
  const plain = await plainPage(t);
  const answers = await plain.visitor.evaluate(async (base64) => {
    const { createEngine } = await import('/standin/index.js');
    let workers = 0;
    const { workerSource } = await import('/standin/index.js');
    const engine = await createEngine({ worker: () => (workers++, new Worker(URL.createObjectURL(new Blob([workerSource])))) });
    const whole = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const answers = { codes: {}, traps: 0 };
    for (let at = 8; at < whole.length; at += 8) {
      const bytes = whole.slice();
      bytes[at] ^= 0xff;
      const [code, message] = await engine.inspect(bytes).then(() => ['read', ''], (error) => [error.code, error.message]);
      answers.codes[code] = (answers.codes[code] ?? 0) + 1;
      answers.traps += message.includes('unpacks to more');
    }
    return { ...answers, workers, rows: (await engine.inspect(whole)).rows };
  }, (await readFile(visits)).toString('base64'));
  t.diagnostic(JSON.stringify(answers));
  assert.equal(answers.codes['worker-died'], undefined);
  assert.ok(answers.codes.damaged > 10);
  assert.ok(answers.traps > 0, 'some of it makes a library panic, or this says too little: try other places');
  assert.deepEqual([answers.workers, answers.rows], [1, 40]);
});

test('the package loads its second file when such a table comes in, and says when it is not there', async (t) => {
  const plain = await plainPage(t);
  const given = { parquet: (await readFile(visits)).toString('base64'), book: workbook(sheets).toString('base64') };
  const seen = await plain.visitor.evaluate(async ({ parquet, book }) => {
    const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const failing = (promise) => promise.then(() => null, ({ code }) => code);
    const { createEngine } = await import('/standin/index.js');
    const engine = await createEngine();
    await engine.inspect('a,b\n1,2\n3,4\n');
    const before = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((path) => path !== '/favicon.ico');
    const model = await engine.fit(bytes(parquet), { seed: '7' });
    const sample = await model.sample({ numRows: 70 }).toBlob();
    const again = new Uint8Array(await new Response((await engine.load(model.save())).sample({ numRows: 70 }).toStream()).arrayBuffer());
    const first = new Uint8Array(await sample.arrayBuffer());
    const { sheets, sheet, rows } = await engine.inspect(bytes(book), { sheet: 'June' });
    const fromSheet = await engine.fit(bytes(book), { seed: '7' });
    const own = await createEngine({ filesWasm: async () => Promise.reject(new Error('not served')) });
    const piece = new Blob([new Uint8Array(1 << 20)]);
    return {
      before,
      type: sample.type,
      same: first.length === again.length && first.every((byte, i) => byte === again[i]),
      rows: (await engine.inspect(sample)).rows,
      csv: (await model.sample({ numRows: 3, format: 'csv' }).text()).split('\n')[0],
      sheet: { sheets, sheet, rows },
      codes: {
        sheet: await failing(engine.inspect(bytes(book), { sheet: 'July' })),
        text: await failing(engine.inspect('a,b\n1,2\n', { sheet: 'May' })),
        types: await failing(fromSheet.sample({ format: 'parquet' }).toBlob()),
        large: await failing(engine.inspect(new Blob(['PAR1', ...Array(513).fill(piece)]))),
        none: await failing(own.inspect(bytes(parquet))),
        after: await failing(own.inspect('a,b\n1,2\n3,4\n')),
      },
    };
  }, given);
  assert.deepEqual(seen.before, ['/standin/index.js', '/standin/slim.js']);
  assert.deepEqual([seen.type, seen.same, seen.rows], ['application/vnd.apache.parquet', true, 70]);
  assert.equal(seen.csv, 'id,day,at,fee,weight,stay.ward,stay.nights');
  assert.deepEqual(seen.sheet, { sheets: ['Notes', 'May', 'June'], sheet: 'June', rows: 80 });
  assert.deepEqual(seen.codes, { sheet: 'bad-options', text: 'bad-options', types: 'bad-options', large: 'too-large', none: 'no-module', after: null });
  assert.deepEqual(plain.requests.filter((request) => !request.includes('favicon')), ['GET /', 'GET /standin/index.js', 'GET /standin/slim.js', 'GET /standin/files.js']);
});

test('a large workbook can be cancelled within 200 ms', async (t) => {
  const plain = await plainPage(t);
  const large = { May: [['a', 'b', 'c', 'd'], ...Array.from({ length: 200_000 }, (_, i) => [(i * 7919) % 100_003, `k${i % 97}`, (i % 1009) / 8, `name ${(i * 31) % 5003}`])] };
  const host = await serve(await temporaryFile(t, 'large.xlsx', workbook(large)), { 'access-control-allow-origin': '*' });
  t.after(() => host.close());
  const waits = await plain.visitor.evaluate(async (url) => {
    const { createEngine } = await import('/standin/index.js');
    const file = await (await fetch(url)).blob();
    const engine = await createEngine();
    await engine.inspect('a,b\n1,2\n3,4\n');
    const waits = [];
    for (const wait of [0, 50, 400]) {
      const abort = new AbortController();
      const reading = engine.inspect(new Blob([file]), { signal: abort.signal }).then(() => 'read', ({ code }) => code);
      await new Promise((resolve) => setTimeout(resolve, wait));
      const started = performance.now();
      abort.abort();
      waits.push([await reading, performance.now() - started]);
    }
    return waits;
  }, host.url);
  t.diagnostic(JSON.stringify(waits));
  for (const [code, wait] of waits) assert.ok(code === 'cancelled' && wait < 200, `${code} after ${wait} ms`);
});

test('nothing was requested by the page', () => {
  assert.deepEqual(server.requests.filter((request) => !request.includes('favicon')), ['GET /']);
});

/** A page that imports the package as it stands in dist/npm. */
async function plainPage(t) {
  const html = await temporaryFile(t, 'index.html', '<!doctype html><title>Plain</title>');
  const plain = await serve(html, {}, await packageFiles());
  t.after(() => plain.close());
  return { visitor: await browser.open(plain.url), requests: plain.requests };
}
