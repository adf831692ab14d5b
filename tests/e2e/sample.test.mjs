// What goes into the library and what comes out: inputs of every kind, samples in every form, and what is given back.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { native, openBrowser, packageFiles, serve, temporaryFile } from './harness.mjs';

const TABLE = `n,kind,day\n${Array.from({ length: 3000 }, (_, i) => `${(i * 37) % 101},${'abc'[i % 3]},2025-01-${String((i % 28) + 1).padStart(2, '0')}`).join('\n')}\n`;

let browser;
let server;
let page;
before(async () => {
  const html = await temporaryFile({ after }, 'index.html', '<!doctype html><title>Samples</title>');
  server = await serve(html, {}, await packageFiles());
  browser = await openBrowser();
  page = await browser.open(server.url);
  await page.evaluate(async (table) => {
    const { createEngine } = await import('/standin/index.js');
    Object.assign(globalThis, {
      table,
      createEngine,
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      failing: (promise) => promise.then(() => null, ({ code }) => code),
      hash: async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).join(),
      bytesOf: async (stream) => new Uint8Array(await new Response(stream).arrayBuffer()),
      engine: await createEngine(),
    });
    globalThis.model = await engine.fit(table, { seed: '7' });
  }, TABLE);
});
after(async () => {
  await browser.close();
  await server.close();
});

test('pieces, stream, Blob and text are the same bytes as those of the native program', async (t) => {
  const seen = await page.evaluate(async () => {
    const options = { numRows: 100_000, seed: 7n }; // several pieces
    const pieces = [];
    const progress = [];
    for await (const piece of model.sample({ ...options, onProgress: ({ phase, done, total }) => progress.push([phase, done <= total]) })) pieces.push(piece);
    const blob = await model.sample(options).toBlob();
    const same = async (other) => (await other.text()) === (await blob.text());
    return {
      csv: await blob.text(),
      type: blob.type,
      pieces: pieces.length,
      largest: Math.max(...pieces.map(({ length }) => length)),
      progress: progress.length > 0 && progress.every(([phase, sane]) => phase === 'sample' && sane),
      same: [await same(new Blob(pieces)), await same(new Response(model.sample({ ...options, seed: 7 }).toStream())), await same(model.sample({ ...options, seed: '7' }))],
    };
  });
  assert.deepEqual(seen.same, [true, true, true]);
  assert.equal(seen.type, 'text/csv');
  assert.ok(seen.pieces > 2 && seen.largest < 1 << 20, `${seen.pieces} pieces of at most ${seen.largest} bytes`);
  assert.ok(seen.progress);
  const input = await temporaryFile(t, 'table.csv', TABLE);
  const output = await temporaryFile(t, 'out.csv');
  await promisify(execFile)(native, ['synth', input, '-o', output, '--seed', '7', '--rows', '100000']);
  assert.equal(seen.csv, await readFile(output, 'utf8'));
});

test('a sample is made at the pace of whoever takes it, and other calls come between', async () => {
  const seen = await page.evaluate(async () => {
    let rows = 0;
    const sample = model.sample({ numRows: 2_000_000, onProgress: ({ done }) => (rows = done) });
    const begun = rows;
    const pieces = sample[Symbol.asyncIterator]();
    await pieces.next();
    await pause(400); // time for a hundred thousand rows and more
    const waited = rows;
    const preview = await model.preview({ numRows: 3, seed: 7 });
    await pieces.return();
    return { begun, waited, preview: preview.rows.length };
  });
  assert.equal(seen.begun, 0);
  assert.ok(seen.waited > 0 && seen.waited < 60_000, `${seen.waited} rows were made ahead`);
  assert.equal(seen.preview, 3);
});

test('breaking off stops the work and frees it: leaving a loop, cancelling a stream, aborting', async () => {
  // Counted in the worker itself: samplers that were begun, and those that were freed.
  const [worker] = page.workers();
  await worker.evaluate(() => {
    globalThis.counts = { begun: 0, freed: 0 };
    const { sampler } = wasm_bindgen.Model.prototype;
    wasm_bindgen.Model.prototype.sampler = function (...options) {
      counts.begun++;
      return sampler.apply(this, options);
    };
    const { free } = wasm_bindgen.Sampler.prototype;
    wasm_bindgen.Sampler.prototype.free = function () {
      counts.freed++;
      free.call(this);
    };
  });
  const seen = await page.evaluate(async () => {
    const many = { numRows: 50_000_000 };
    for await (const _ of model.sample(many)) break;
    const reader = model.sample(many).toStream().getReader();
    await reader.read();
    await reader.cancel();
    const unread = model.sample(many).toStream();
    await unread.cancel();
    const abort = new AbortController();
    const aborted = failing((async () => {
      for await (const _ of model.sample({ ...many, signal: abort.signal })) if (!abort.signal.aborted) setTimeout(() => abort.abort(), 50);
    })());
    const idle = new AbortController();
    const pieces = model.sample({ ...many, signal: idle.signal })[Symbol.asyncIterator]();
    await pieces.next();
    idle.abort(); // while nobody asks for a piece
    const whole = new AbortController();
    const blob = failing(model.sample({ ...many, signal: whole.signal }).toBlob());
    setTimeout(() => whole.abort(), 50);
    const codes = [await aborted, await blob, await failing(pieces.next()), await failing(model.sample({ signal: AbortSignal.abort() }).text())];
    const before = model.sample({ signal: AbortSignal.abort() })[Symbol.asyncIterator]();
    codes.push(await failing(before.next()));
    const started = performance.now();
    await model.preview(); // comes after all that was still to be freed
    return { codes, wait: performance.now() - started };
  });
  assert.deepEqual(seen.codes, Array(5).fill('cancelled'));
  assert.ok(seen.wait < 200, `${seen.wait} ms`);
  assert.ok(page.workers().includes(worker), 'the worker was not even replaced');
  assert.deepEqual(await worker.evaluate(() => counts), { begun: 5, freed: 5 });
});

test('a sample that is half taken goes on where a worker that died left it', async () => {
  const same = await page.evaluate(async () => {
    const whole = await model.sample({ numRows: 120_000 }).text();
    globalThis.pieces = model.sample({ numRows: 120_000 })[Symbol.asyncIterator]();
    globalThis.got = [(await pieces.next()).value];
    globalThis.whole = whole;
    await pause(100); // the one ahead is made
  });
  assert.equal(same, undefined);
  await page.workers()[0].evaluate(() => void setTimeout(() => { throw new Error('gone'); }));
  await page.waitForTimeout(100);
  const [equal, count] = await page.evaluate(async () => {
    for await (const piece of pieces) got.push(piece);
    return [(await new Blob(got).text()) === whole, got.length];
  });
  assert.ok(equal && count > 3, `${count} pieces`);
});

test('a sample is taken once, a model not after it was disposed of, an engine not after its end', async () => {
  const codes = await page.evaluate(async () => {
    const sync = (call) => {
      try {
        return call() && null;
      } catch ({ code }) {
        return code;
      }
    };
    const sample = model.sample({ numRows: 10 });
    await sample.text();
    const own = await createEngine();
    const second = await own.fit(table);
    const stream = second.sample({ numRows: 100 }).toStream();
    await second[Symbol.asyncDispose]();
    await second.dispose(); // once more is no harm
    const codes = {
      blob: await failing(sample.toBlob()),
      text: await failing(sample.text()),
      stream: sync(() => sample.toStream()),
      loop: sync(() => sample[Symbol.asyncIterator]()),
      preview: await failing(second.preview()),
      save: sync(() => second.save()),
      again: sync(() => second.sample()),
      report: await failing(second.report('n\n1\n')),
      rest: (await bytesOf(stream)).length > 0, // it holds what it needs
    };
    await own[Symbol.asyncDispose]();
    return { ...codes, over: await failing(own.inspect(table)), model: await failing(second.dispose()) };
  });
  const { rest, model, over, preview, save, again, report, ...taken } = codes;
  assert.deepEqual(Object.values(taken), Array(4).fill('consumed'));
  assert.deepEqual([preview, save, again, report], Array(4).fill('disposed'));
  assert.deepEqual([rest, model, over], [true, null, 'terminated']);
});

test('every kind of input is the same table, and a stream can be inspected and then fitted', async () => {
  const seen = await page.evaluate(async () => {
    const bytes = new TextEncoder().encode(table);
    const framed = new Uint8Array(bytes.length + 20).fill(44);
    framed.set(bytes, 10);
    const slowly = () => {
      let at = 0;
      return new ReadableStream({
        pull(controller) {
          if (at >= bytes.length) return controller.close();
          controller.enqueue(bytes.slice(at, (at += 5000)));
        },
      });
    };
    const inputs = {
      view: framed.subarray(10, 10 + bytes.length),
      buffer: bytes.buffer,
      words: new DataView(framed.buffer, 10, bytes.length),
      file: new File([table], 'table.csv'),
      stream: slowly(),
      buffers: new Blob([bytes]).stream(),
      response: new Response(table),
      unpacked: slowly().pipeThrough(new CompressionStream('gzip')),
      sample: model.sample({ numRows: 3000 }),
    };
    const expected = await hash(model.save());
    const seen = {};
    for (const [name, input] of Object.entries(inputs)) {
      const { rows } = await engine.inspect(input);
      const fitted = await engine.fit(input, { seed: '7' });
      seen[name] = [rows, (await hash(fitted.save())) === expected];
    }
    return seen;
  });
  const { sample, ...same } = seen;
  assert.deepEqual(same, Object.fromEntries(Object.keys(same).map((name) => [name, [3000, true]])));
  assert.deepEqual(sample, [3000, false]);
});

test('a stream that is no table, or not all of one, is a typed error; an abort lets go of its source', async () => {
  const seen = await page.evaluate(async () => {
    const bytes = new TextEncoder().encode(table);
    const broken = new ReadableStream({ pull: (controller) => (controller.desiredSize > 0 ? controller.enqueue(bytes) : 0), start: (controller) => setTimeout(() => controller.error(new Error('no cell of a table')), 50) });
    let cancelled = false;
    const endless = new ReadableStream({ pull: async (controller) => (await pause(5), controller.enqueue(bytes)), cancel: () => (cancelled = true) });
    const locked = new Blob([table]).stream();
    locked.getReader();
    const abort = new AbortController();
    const reading = failing(engine.inspect(endless, { signal: abort.signal }));
    await pause(50);
    const started = performance.now();
    abort.abort();
    const code = await reading;
    const wait = performance.now() - started;
    const whole = new Blob([table]).stream();
    const early = await failing(engine.inspect(whole, { signal: AbortSignal.abort() }));
    const own = await createEngine();
    const ending = failing(own.inspect(new ReadableStream({ pull: () => pause(1e6) })));
    await pause(20);
    own.terminate();
    return {
      codes: [
        code,
        await failing(engine.inspect(endless)),
        await failing(engine.inspect(broken)),
        await failing(engine.inspect(locked)),
        await failing(engine.inspect(new ReadableStream({ start: (controller) => controller.enqueue('text') }))),
        await failing(engine.inspect(new Response('no such table', { status: 404 }))),
        await failing(engine.inspect(new Response(null))),
        early,
        await ending,
      ],
      rows: (await engine.inspect(whole)).rows,
      cancelled,
      wait,
    };
  });
  assert.deepEqual(seen.codes, ['cancelled', 'unreadable', 'unreadable', 'unreadable', 'bad-options', 'unreadable', 'empty-file', 'cancelled', 'cancelled']);
  assert.equal(seen.rows, 3000);
  assert.ok(seen.cancelled && seen.wait < 200, `${seen.wait} ms`);
});

test('several calls may wait for one stream: it goes on while one of them does, and tells how far it is', async () => {
  const seen = await page.evaluate(async () => {
    const bytes = new TextEncoder().encode(table);
    const slowly = (ended) => {
      let at = 0;
      return new ReadableStream({
        async pull(controller) {
          await pause(20);
          if (at >= bytes.length) return controller.close();
          controller.enqueue(bytes.slice(at, (at += 5000)));
        },
        cancel: ended,
      });
    };
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const [first, second] = [[], []];
    const shared = slowly();
    const codes = [failing(engine.inspect(shared, { signal: stop.signal, onProgress: (progress) => first.push(progress) })), failing(engine.inspect(shared, { onProgress: (progress) => second.push(progress) }))];
    await codes[0];
    const heard = first.length;
    await codes[1];
    const stops = [new AbortController(), new AbortController()];
    let ended = 0;
    const dropped = slowly(() => ended++);
    const waiting = stops.map(({ signal }) => failing(engine.inspect(dropped, { signal })));
    stops.forEach((one, place) => setTimeout(() => one.abort(), 30 + 30 * place));
    const told = [];
    await engine.inspect(new Response(slowly(), { headers: { 'content-length': String(bytes.length) } }), { onProgress: (progress) => told.push(progress) });
    const received = (all) => all.filter(({ phase }) => phase === 'receive');
    return {
      codes: await Promise.all([...codes, ...waiting, failing(engine.inspect(dropped))]),
      ended,
      silent: first.length === heard && heard > 0,
      rising: received(second).every(({ done, total, etaMs }, at, all) => total === 0 && etaMs === null && (at === 0 || done > all[at - 1].done)),
      shares: received(told).every(({ done, total }) => done <= total && total === bytes.length),
      counts: [received(second).length > 1, received(told).length > 1, second.some(({ phase }) => phase === 'read')],
    };
  });
  assert.deepEqual(seen, { codes: ['cancelled', null, 'cancelled', 'cancelled', 'unreadable'], ended: 1, silent: true, rising: true, shares: true, counts: [true, true, true] });
});

test('a sample that a report waits for is stopped with it', async () => {
  const codes = await page.evaluate(async () => {
    const stop = new AbortController();
    const judging = failing(engine.report({ train: table, synthetic: model.sample({ numRows: 5_000_000 }) }, { signal: stop.signal }));
    await pause(100);
    stop.abort();
    const code = await judging;
    const started = performance.now();
    const { rows } = await model.preview({ numRows: 3 });
    return [code, rows.length, performance.now() - started < 1000];
  });
  assert.deepEqual(codes, ['cancelled', 3, true]);
});

test('load and preview tell how far they are', async () => {
  const phases = await page.evaluate(async () => {
    const phases = [];
    const onProgress = ({ phase, done, total, etaMs }) => phases.push([phase, done === total, etaMs === null || etaMs >= 0]);
    const loaded = await engine.load(model.save(), { onProgress });
    await loaded.preview({ numRows: 5, onProgress });
    return phases;
  });
  assert.deepEqual(phases, [['read', false, true], ['read', true, true], ['sample', true, true]]);
});

test('files of any tool are judged, beside rows that it never saw or without', async () => {
  const seen = await page.evaluate(async () => {
    const lines = table.trim().split('\n');
    const half = (from) => [lines[0], ...lines.slice(1).filter((_, i) => i % 2 === from)].join('\n');
    const [train, holdout] = [half(0), half(1)];
    const fitted = await engine.fit(train, { seed: '7' });
    const synthetic = await fitted.sample({ numRows: 1500 }).toBlob();
    const phases = new Set();
    const asked = { target: 'n', protected: ['kind'] };
    const beside = await engine.report({ train, holdout, synthetic }, { ...asked, onProgress: ({ phase, done, total }) => phases.add(`${phase} ${done <= total}`) });
    const alone = await engine.report({ train, synthetic: fitted.sample({ numRows: 1500 }) }, asked);
    const own = await fitted.report(synthetic, asked);
    const { metadata } = await engine.inspect(train);
    metadata.standin.leave_out.push('day');
    const more = await engine.report({ train, holdout, synthetic }, { ...asked, metadata, generations: true });
    const abort = new AbortController();
    const aborted = failing(engine.report({ train, holdout, synthetic }, { signal: abort.signal }));
    setTimeout(() => abort.abort(), 30);
    return {
      rows: [beside.rows, alone.rows],
      ceilings: beside.scores.filter(({ key }) => key === 'shapes').map(({ ceiling }) => ceiling > 0.9),
      groups: beside.groups.map(({ column }) => column),
      charts: beside.charts.length > 0 && beside.html.startsWith('<!doctype html>'),
      same: JSON.stringify(alone.scores) === JSON.stringify(own.scores),
      more: [more.columns.map(({ name }) => name).sort(), more.scores.some(({ key }) => key === 'collapse')],
      phases: [...phases],
      codes: [await aborted, await failing(engine.report({ train, synthetic: 'a,b\n1,2\n3,4\n' })), await failing(engine.report({ train })), await failing(engine.report({ train, synthetic }, { target: 'none such' }))],
    };
  });
  assert.deepEqual(seen.rows.map(({ train, holdout, synthetic }) => [train, holdout, synthetic]), [[1500, 1500, 1500], [1500, 0, 1500]]);
  assert.deepEqual(seen.ceilings, [true]);
  assert.deepEqual(new Set(seen.groups), new Set(['kind']));
  assert.ok(seen.charts && seen.same);
  assert.deepEqual(seen.more, [['kind', 'n'], true], 'as metadata says, and with generations where they are asked for');
  assert.deepEqual(seen.phases, ['read true', 'report true']);
  assert.deepEqual(seen.codes, ['cancelled', 'mismatch', 'bad-options', 'bad-options']);
});

test('metadata of a model describe its rows', async () => {
  const [told, found] = await page.evaluate(async () => {
    const loaded = await engine.load(model.save());
    const inspection = await engine.inspect(model.sample(), { metadata: loaded.metadata });
    return [Object.entries(loaded.metadata.tables.table.columns).map(([name, { sdtype }]) => [name, sdtype]), inspection.columns.map(({ name, sdtype }) => [name, sdtype])];
  });
  assert.deepEqual(told, [['n', 'numerical'], ['kind', 'categorical'], ['day', 'datetime']]);
  assert.deepEqual(found, told);
});
