// Work that several workers share: the same bytes for any number of them, as the native program writes them; a worker that dies
// takes nothing with it; what is stopped stops them all.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { native, openBrowser, packageFiles, serve, temporaryFile } from './harness.mjs';

const ROWS = 3000; // enough for a trial, and for every step of a shared fit
const SAMPLE = 45_000;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const TABLE = `age,kind,pay,day\n${Array.from({ length: ROWS }, (_, i) => `${18 + ((i * 37) % 61)},${'abcde'[(i * i) % 5]},${((i * 7919) % 4001) / 4},2025-01-${String((i % 28) + 1).padStart(2, '0')}`).join('\n')}\n`;

let browser;
let server;
let page;
before(async () => {
  const html = await temporaryFile({ after }, 'index.html', '<!doctype html><title>Workers</title>');
  server = await serve(html, {}, await packageFiles());
  browser = await openBrowser();
  page = await browser.open(server.url);
  await page.evaluate((table) => {
    globalThis.table = table;
    /** Counts the workers that are started; `spoil` is run in each but the first before anything else. */
    globalThis.countedEngine = async (workers, spoil = '') => {
      const { createEngine, workerSource } = await import('/standin/index.js');
      const started = [];
      const worker = () => {
        const source = started.length === 0 ? workerSource : `${workerSource}\n${spoil}`;
        started.push(new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))));
        return started.at(-1);
      };
      return { engine: await createEngine({ workers, worker }), started };
    };
    globalThis.hex = async (blob) => [...new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }, TABLE);
});
after(async () => {
  await browser.close();
  await server.close();
});

/** Model and sample of the native program. */
async function expected(t) {
  const [csv, model, out] = await Promise.all(['table.csv', 'model.standin', 'out.csv'].map((name) => temporaryFile(t, name, name === 'table.csv' ? TABLE : undefined)));
  const run = promisify(execFile);
  await run(native, ['fit', csv, '-o', model, '--seed', '7']);
  await run(native, ['sample', model, '-o', out, '--rows', String(SAMPLE), '--seed', '7', '--no-croissant']);
  return { model: sha256(await readFile(model)), sample: sha256(await readFile(out)) };
}

test('1, 2, 3 and 8 workers give the bytes of the native program', async (t) => {
  const wanted = await expected(t);
  for (const workers of [1, 2, 3, 8]) {
    const found = await page.evaluate(
      async ([workers, numRows]) => {
        const { engine, started } = await countedEngine(workers);
        const idle = started.length;
        const shares = [];
        const model = await engine.fit(table, { seed: '7', onProgress: ({ phase, done }) => phase === 'fit' && shares.push(done) });
        const blob = await model.sample({ numRows, seed: '7' }).toBlob();
        const pieces = [];
        for await (const piece of model.sample({ numRows, seed: '7' })) pieces.push(piece);
        const json = await model.sample({ numRows, seed: '7', format: 'json' }).text();
        const saved = await hex(new Blob([model.save()]));
        engine.terminate();
        return { idle, started: started.length, model: saved, sample: await hex(blob), pieces: await hex(new Blob(pieces)), json: JSON.parse(json).length, rising: shares.every((share, at) => at === 0 || share >= shares[at - 1]), last: shares.at(-1) };
      },
      [workers, SAMPLE],
    );
    assert.deepEqual(found, { idle: 1, started: workers, ...wanted, pieces: wanted.sample, json: SAMPLE, rising: true, last: 1 }, `${workers} workers`);
  }
});

test('a worker that dies while it helps is replaced, and nothing is lost', async (t) => {
  const wanted = await expected(t);
  const spoiled = (method) => `{ const own = wasm_bindgen.${method.join('.prototype.')}; let calls = 0; wasm_bindgen.${method[0]}.prototype.${method[1]} = function (...given) { if (++calls > 1) throw new WebAssembly.RuntimeError('unreachable'); return own.apply(this, given); }; }`;
  for (const method of [['Hand', 'step_task'], ['Hand', 'take_task'], ['Sampler', 'next']]) {
    const found = await page.evaluate(
      async ([spoil, numRows]) => {
        const { engine, started } = await countedEngine(3, spoil);
        const model = await engine.fit(table, { seed: '7' });
        const blob = await model.sample({ numRows, seed: '7' }).toBlob();
        const found = { model: await hex(new Blob([model.save()])), sample: await hex(blob) };
        const before = started.length;
        await model.sample({ numRows, seed: '8' }).toBlob();
        engine.terminate();
        return { ...found, replaced: before > 3 || started.length > 3 };
      },
      [spoiled(method), SAMPLE],
    );
    assert.deepEqual(found, { ...wanted, replaced: true }, method.join('.'));
  }
});

test('what is stopped stops in all workers, and the next call is answered', async () => {
  const { times, rows, codes } = await page.evaluate(async () => {
    const { engine } = await countedEngine(2);
    const cell = (row, column) => (((row + 1) * (column + 7) * 7919) % 101) + 40 * (row % 13); // columns that tell of each other
    const columns = Array.from({ length: 12 }, (_, column) => column);
    const lines = Array.from({ length: 30_000 }, (_, row) => columns.map((column) => cell(row, column)).join());
    const wide = [columns.map((column) => `c${column}`).join(), ...lines, ''].join('\n');
    await engine.inspect(wide);
    const [times, codes] = [[], []];
    for (const wait of [20, 80, 200]) {
      const stop = new AbortController();
      let at;
      setTimeout(() => {
        at = performance.now();
        stop.abort();
      }, wait);
      const error = await engine.fit(wide, { seed: '1', signal: stop.signal }).then(() => null, (error) => error);
      times.push(performance.now() - at);
      codes.push(error?.code);
    }
    const model = await engine.fit(table, { seed: '7' });
    const stop = new AbortController();
    const pieces = model.sample({ numRows: 200_000, signal: stop.signal })[Symbol.asyncIterator]();
    await pieces.next();
    stop.abort();
    codes.push(await pieces.next().then(() => null, (error) => error.code));
    const rows = (await model.sample({ numRows: 30_000 }).text()).trim().split('\n').length;
    engine.terminate();
    return { times, codes, rows };
  });
  assert.deepEqual(codes, Array(4).fill('cancelled'));
  assert.ok(times.every((time) => time < 200), times.join());
  assert.equal(rows, 30_001);
});

test('workers are started when a table comes in, and ended when nothing was to do for a while', async (t) => {
  const own = await browser.open(server.url);
  t.after(() => own.close());
  await own.clock.install();
  const seen = await own.evaluate(async (table) => {
    const { createEngine, workerSource } = await import('/standin/index.js');
    const log = [];
    class Watched extends Worker {
      constructor() {
        super(URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' })));
        log.push('started');
      }
      terminate() {
        log.push('ended');
        super.terminate();
      }
    }
    globalThis.log = log;
    globalThis.engine = await createEngine({ workers: 3, worker: () => new Watched() });
    await engine.inspect('a\n1\n2\n');
    const small = log.splice(0);
    await engine.inspect(table);
    return [small, log.splice(0)];
  }, TABLE);
  assert.deepEqual(seen, [['started'], ['started', 'started']]);
  await own.clock.fastForward(9000);
  assert.deepEqual(await own.evaluate(() => log), []);
  await own.clock.fastForward(2000);
  assert.deepEqual(await own.evaluate(() => log.splice(0)), ['ended', 'ended']);
  const again = await own.evaluate(async (table) => [(await engine.fit(table, { seed: '7' })).info.rows, log.splice(0)], TABLE);
  assert.deepEqual(again, [ROWS, ['started', 'started']]);
});

test('warming up gives way to any call, and changes nothing', async (t) => {
  const wanted = await expected(t);
  const seen = await page.evaluate(async () => {
    const { engine } = await countedEngine(2);
    const [first, second] = [engine.warmUp(), engine.warmUp()];
    let done = false;
    first.then(() => (done = true));
    const model = await engine.fit(table, { seed: '7' });
    const [gaveWay, saved] = [done, await hex(new Blob([model.save()]))];
    await engine.warmUp();
    const again = await engine.fit(new Blob([table]), { seed: '7' });
    const ending = engine.warmUp();
    engine.terminate();
    return { gaveWay, resolved: (await Promise.all([first, second, ending, engine.warmUp()])).length, models: [saved, await hex(new Blob([again.save()]))] };
  });
  assert.deepEqual(seen, { gaveWay: true, resolved: 4, models: [wanted.model, wanted.model] });
});

test('a number of workers that cannot be is refused', async () => {
  const codes = await page.evaluate(async () => {
    const { createEngine } = await import('/standin/index.js');
    return Promise.all([0, 1.5, 65, '2'].map((workers) => createEngine({ workers }).then(() => null, ({ code }) => code)));
  });
  assert.deepEqual(codes, Array(4).fill('bad-options'));
});
