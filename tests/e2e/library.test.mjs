// The library as other pages use it: its types, its calls, its errors. Bundled here as an embedder would.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openBrowser, packageFiles, pageParts, require, serve, temporaryFile } from './harness.mjs';

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

let browser;
let server;
let page;
before(async () => {
  const html = await temporaryFile({ after }, 'index.html');
  const bundle = await require('esbuild').build({
    entryPoints: [here('../../www/lib/index.js')],
    alias: { 'standin-assets': join(pageParts, 'assets.js') },
    external: ['standin-files'], // no test here gives an Excel or Parquet file
    bundle: true,
    format: 'iife',
    globalName: 'standin',
    write: false,
  });
  const script = bundle.outputFiles[0].text.replaceAll('</script', '\\x3C/script');
  await writeFile(html, `<!doctype html><title>Embedder</title><script>${script}</script>`);
  server = await serve(html);
  browser = await openBrowser();
  page = await browser.open(server.url);
  await page.evaluate(() => {
    globalThis.makeTable = (rows) => `n,kind,day\n${Array.from({ length: rows }, (_, i) => `${(i * 37) % 101},${'abc'[i % 3]},2025-01-${String((i % 28) + 1).padStart(2, '0')}`).join('\n')}\n`;
  });
});
after(async () => {
  await browser.close();
  await server.close();
});

test('memory and rows can be limited, and what is used is told', async () => {
  const [all, few, small, ofEngine, ofCall] = await page.evaluate(async () => {
    const engine = await standin.createEngine();
    const table = makeTable(20_000);
    const tight = await standin.createEngine({ maxMemoryMB: 1 });
    const inspect = async (engine, options) => {
      const { rows, keptRows } = await engine.inspect(table, options);
      return { rows, keptRows };
    };
    return [await inspect(engine), await inspect(engine, { maxRows: 3000 }), await inspect(engine, { maxMemoryMB: 1 }), await inspect(tight), await inspect(tight, { maxMemoryMB: 64 })];
  });
  assert.deepEqual(all, { rows: 20_000, keptRows: 20_000 });
  for (const { rows, keptRows } of [few, small]) assert.ok(rows === 20_000 && keptRows > 1000 && keptRows < 16_000, `${keptRows} of ${rows}`);
  assert.ok(few.keptRows <= 3000);
  assert.deepEqual([ofEngine, ofCall], [small, all], 'what the engine says holds until a call says otherwise');
});

test('the types accept right use and refuse wrong use', async () => {
  const tsc = join(require.resolve('typescript-7/package.json'), '../bin/tsc');
  const flags = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom', '--types', ''];
  await run(process.execPath, [tsc, ...flags, here('usage.ts')]).catch((error) => assert.fail(error.stdout));
});

test('the package in dist/npm works from a plain module script, and asks for nothing more', async (t) => {
  const html = await temporaryFile(t, 'index.html', '<!doctype html><title>Plain</title>');
  const plain = await serve(html, {}, await packageFiles());
  t.after(() => plain.close());
  const visitor = await browser.open(plain.url);
  const lines = await visitor.evaluate(async () => {
    const { createEngine } = await import('/standin/index.js');
    const engine = await createEngine();
    const table = `n,kind\n${Array.from({ length: 200 }, (_, i) => `${i % 17},${'abc'[i % 3]}`).join('\n')}\n`;
    const model = await engine.fit(table, { seed: '7', signal: AbortSignal.timeout(60_000) });
    const csv = await model.sample({ numRows: 1000 }).text();
    engine.terminate();
    return csv.trim().split('\n').length;
  });
  assert.equal(lines, 1001);
  assert.deepEqual(plain.requests.filter((request) => !request.includes('favicon')), ['GET /', 'GET /standin/index.js', 'GET /standin/slim.js']);
});

test('the same bytes for any size of the chunks, any kind of input, and again', async () => {
  const outputs = await page.evaluate(async () => {
    const text = makeTable(3000);
    const bytes = new TextEncoder().encode(text);
    const outputs = [];
    for (const [chunkBytes, input] of [[undefined, text], [777, new Blob([text])], [4096, bytes], [101, bytes.buffer]]) {
      const engine = await standin.createEngine({ chunkBytes });
      const model = await engine.fit(input, { seed: 'x', holdout: 0.2 });
      outputs.push(await model.sample({ numRows: 2000 }).text());
      engine.terminate();
    }
    return outputs;
  });
  assert.equal(new Set(outputs).size, 1);
  assert.equal(outputs[0].trimEnd().split('\n').length, 2001);
});

test('progress, seeds, save and load, report', async () => {
  const seen = await page.evaluate(async () => {
    const engine = await standin.createEngine();
    const input = new Blob([makeTable(3000)]);
    const phases = [];
    const onProgress = ({ phase, done, total, etaMs }) => phases.push({ phase, sane: done >= 0 && done <= total && (etaMs === null || etaMs >= 0) });
    const inspection = await engine.inspect(input, { onProgress });
    const afterInspect = phases.length;
    const model = await engine.fit(input, { holdout: 0.25, onProgress });
    const afterFit = phases.length;
    const csv = await model.sample({ numRows: 3000, onProgress }).toBlob();
    const report = await model.report(csv, { target: 'n', protected: ['kind'], onProgress });
    const loaded = await engine.load(model.save());
    const again = await loaded.sample({ numRows: 3000 }).text();
    return { inspection, phases, readAgain: phases.slice(afterInspect, afterFit).some(({ phase }) => phase === 'read'), info: model.info, report, same: again === (await csv.text()) };
  });
  assert.deepEqual(seen.inspection.columns.map(({ sdtype }) => sdtype), ['numerical', 'categorical', 'datetime']);
  assert.deepEqual(seen.inspection.roles, { target: null, protected: [] });
  assert.deepEqual([...new Set(seen.phases.map(({ phase }) => phase))], ['read', 'fit', 'sample', 'report']);
  assert.ok(seen.phases.every(({ sane }) => sane));
  assert.equal(seen.readAgain, false, 'a table that was inspected is not read again for the fit');
  assert.match(seen.info.seed, /^\d+$/);
  assert.deepEqual(seen.report.rows, { train: 2250, holdout: 750, synthetic: 3000, lookedAt: null, heldOut: 'rows' });
  const keys = seen.report.scores.map(({ key }) => key);
  for (const key of ['shapes', 'trends', 'marginals', 'detection', 'coverage', 'validity', 'tstr', 'copies', 'nearest', 'membership', 'outliers', 'groupShares', 'groupOutcomes', 'variety']) assert.ok(keys.includes(key), key);
  assert.ok(new Set(keys).size === keys.length && !keys.includes('collapse'), 'generations only where they are asked for');
  assert.deepEqual(seen.report.dials.map(({ side }) => side), ['truth', 'utility', 'safety', 'fairness']);
  assert.ok(seen.report.charts.every(({ side, title, svg, table }) => side && title && svg.startsWith('<svg') && table.rows.every((row) => row.length === table.heads.length)));
  assert.match(seen.report.html, /^<!doctype html>/);
  assert.deepEqual(seen.report.groups.map(({ column }) => column), ['kind', 'kind', 'kind']);
  assert.ok(seen.same);
});

test('errors are typed and carry positions; aborts look like aborts', async () => {
  const seen = await page.evaluate(async () => {
    const engine = await standin.createEngine();
    const failing = (promise) => promise.then(() => null, ({ name, code, row }) => ({ name, code, row }));
    const abort = new AbortController();
    const aborted = failing(engine.fit(makeTable(20_000), { signal: abort.signal }));
    const queued = failing(engine.fit(makeTable(100), { signal: abort.signal }));
    abort.abort();
    const seen = {
      aborted: await aborted,
      queued: await queued,
      before: await failing(engine.inspect(makeTable(30), { signal: AbortSignal.abort() })),
      empty: await failing(engine.inspect('')),
      ragged: await failing(engine.inspect('a,b\n1,2\n3\n')),
      input: await failing(engine.inspect(42)),
      model: await failing(engine.load('not a model')),
      options: await failing(engine.fit(makeTable(100), { method: 'magic' })),
      seeds: await Promise.all([7.5, 2 ** 53, NaN, null, {}].map((seed) => failing(engine.fit(makeTable(100), { seed })))),
      fine: await failing(engine.fit(makeTable(100))),
    };
    const last = failing(engine.fit(makeTable(20_000)));
    engine.terminate();
    return { ...seen, terminated: await last, afterwards: await failing(engine.inspect('a\n1\n')) };
  });
  assert.deepEqual(seen.aborted, { name: 'AbortError', code: 'cancelled', row: null });
  assert.deepEqual(seen.queued, seen.aborted);
  assert.deepEqual(seen.before, seen.aborted);
  assert.equal(seen.empty.code, 'empty-file');
  assert.deepEqual(seen.ragged, { name: 'StandinError', code: 'ragged-rows', row: 3 });
  assert.equal(seen.input.code, 'bad-options');
  assert.equal(seen.model.code, 'bad-model');
  assert.equal(seen.options.code, 'bad-options');
  assert.deepEqual(seen.seeds.map(({ code }) => code), Array(5).fill('bad-options'));
  assert.equal(seen.fine, null);
  assert.equal(seen.terminated.code, 'cancelled');
  assert.equal(seen.afterwards.code, 'terminated');
});

test('a worker and a compiled module of the caller are used', async () => {
  const used = await page.evaluate(async () => {
    const engine = await standin.createEngine();
    engine.terminate();
    let made = 0;
    const trace = await standin
      .createEngine({ worker: () => (made++, new Worker(URL.createObjectURL(new Blob(['onmessage = ({ data }) => data.id && postMessage({ id: data.id, result: "mine" })'])))) })
      .then((own) => own.inspect('a\n1\n'));
    return { made, trace };
  });
  assert.deepEqual(used, { made: 1, trace: 'mine' });
});

test('a description of a sample marks it as synthetic, and a table that says so is told of', async () => {
  const { csv, described, loaded, made } = await page.evaluate(async () => {
    const engine = await standin.createEngine();
    const input = makeTable(300);
    const model = await engine.fit(input, { seed: '7' });
    const sample = await model.sample({ numRows: 200 }).toBlob();
    const report = await model.report(sample);
    const described = await model.croissant(sample, { name: 'out.csv', numRows: 200, report });
    const loaded = await (await engine.load(model.save())).croissant(await sample.text());
    const { metadata, machineMade } = await engine.inspect(input);
    metadata.standin.provenance = described;
    const made = [machineMade, (await engine.inspect(input, { metadata })).machineMade];
    return { csv: await sample.text(), described, loaded, made };
  });
  const sha256 = createHash('sha256').update(csv).digest('hex');
  for (const { distribution } of [described, loaded]) assert.equal(distribution[0].sha256, sha256);
  assert.equal(described.distribution[0].contentSize, `${Buffer.byteLength(csv)} B`);
  assert.deepEqual(described.recordSet[0].field.map(({ name, dataType }) => [name, dataType]), [['n', 'sc:Integer'], ['kind', 'sc:Text'], ['day', 'sc:Date']]);
  assert.deepEqual([described.standin.seed, described.standin.rows, described.standin.draws], ['7', 200, 'spread']);
  assert.ok(described.standin.scores.some(({ key }) => key === 'shapes'));
  assert.deepEqual(loaded.standin.scores, []);
  assert.equal(made[0], null);
  assert.match(made[1].reasons[0], /made by Standin/);
});

test('nothing was requested by the library', () => {
  assert.deepEqual(server.requests.filter((request) => !/favicon/.test(request)), ['GET /']);
});
