// Rows under conditions, as an embedder asks for them: the bytes of the native program, typed errors, and an end where too little is found.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { native, openBrowser, packageFiles, serve, temporaryFile } from './harness.mjs';

const run = promisify(execFile);

const TABLE = `n,kind,day,id\n${Array.from({ length: 3000 }, (_, i) => `${(i * 37) % 101},${['a', 'b;"', 'c..d'][i % 3]},2025-01-${String((i % 28) + 1).padStart(2, '0')},x-${i}`).join('\n')}\n`.replaceAll('b;"', '"b;"""');
/** What each of the first columns is now and then, and in independent draws never at once. */
const RARE = `a,b,c,d\n${Array.from({ length: 4000 }, (_, i) => [0, 1, 2, 3].map((at) => (i % 1000 < 6 && Math.floor(i / 1000) === at ? 'rare' : 'usual')).join()).join('\n')}\n`;

let browser;
let server;
let page;
before(async () => {
  const html = await temporaryFile({ after }, 'index.html', '<!doctype html><title>Conditions</title>');
  server = await serve(html, {}, await packageFiles());
  browser = await openBrowser();
  page = await browser.open(server.url);
  await page.evaluate(async ([table, rare]) => {
    const { createEngine } = await import('/standin/index.js');
    const engine = await createEngine();
    Object.assign(globalThis, {
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      failing: (promise) => promise.then(() => null, ({ code, column, message }) => ({ code, column, message })),
      model: await engine.fit(table, { seed: '7' }),
      independent: await engine.fit(rare, { seed: '7', method: 'independent' }),
      trees: await engine.fit(rare, { seed: '7' }), // which take their time
      never: { numRows: 5, where: { a: 'rare', b: 'rare', c: 'rare', d: 'rare' } },
    });
  }, [TABLE, RARE]);
});
after(async () => {
  await browser.close();
  await server.close();
});

test('pieces, stream, Blob and text are the same bytes as those of the native program', async (t) => {
  const seen = await page.evaluate(async () => {
    const wanted = { numRows: 20_000, where: { kind: ['b;"', 'c..d'], n: [{ min: 20, max: 30 }, 99], day: { max: '2025-01-20' } } };
    const progress = [];
    const take = (format) => model.sampleFromConditions(wanted, { seed: 8, format, onProgress: ({ phase, done, total }) => progress.push([phase, done <= total && total === 20_000]) });
    const blob = await take().toBlob();
    const pieces = [];
    for await (const piece of take()) pieces.push(piece);
    const same = async (other) => (await other.text()) === (await blob.text());
    return {
      csv: await blob.text(),
      json: JSON.parse(await take('json').text()).length,
      pieces: pieces.length,
      empty: pieces.filter(({ length }) => length === 0).length,
      same: [await same(new Blob(pieces)), await same(new Response(take().toStream())), await same(take())],
      progress: progress.length > 3 && progress.every(([phase, sane]) => phase === 'sample' && sane),
    };
  });
  assert.deepEqual([seen.json, seen.empty, seen.same, seen.progress], [20_000, 0, [true, true, true], true]);
  assert.ok(seen.pieces > 2);
  const [input, model, output] = [await temporaryFile(t, 'table.csv', TABLE), await temporaryFile(t, 'm.standin'), await temporaryFile(t, 'out.csv')];
  await run(native, ['fit', input, '-o', model, '--seed', '7']);
  const wanted = ['kind=b;"', 'kind=c..d', 'n=20..30', 'n=99', 'day=..2025-01-20'].flatMap((wanted) => ['--where', wanted]);
  await run(native, ['sample', model, '-o', output, '--seed', '8', '--rows', '20000', ...wanted]);
  assert.equal(seen.csv, await readFile(output, 'utf8'));
});

test('several conditions are met in their order, and no row comes twice', async () => {
  const ids = await page.evaluate(async () => {
    const wanted = { numRows: 40, where: { kind: 'c..d' } };
    const csv = await model.sampleFromConditions([wanted, { numRows: 3 }, wanted, { numRows: 20, where: { n: { min: 90 } } }], { seed: '1' }).text();
    return csv.trim().split('\n').slice(1).map((line) => line.split(','));
  });
  assert.equal(ids.length, 103);
  for (const row of [...ids.slice(0, 40), ...ids.slice(43, 83)]) assert.equal(row[1], 'c..d');
  for (const row of ids.slice(83)) assert.ok(Number(row[0]) >= 90);
  assert.notDeepEqual(ids.slice(0, 40).map(([n]) => n), ids.slice(43, 83).map(([n]) => n));
  assert.equal(new Set(ids.map((row) => row[3])).size, 103, 'identifiers are all different');
});

test('what cannot be is refused, with its column and without its value', async () => {
  const seen = await page.evaluate(async () => {
    const sync = (call) => {
      try {
        return call();
      } catch ({ code, column, message }) {
        return { code, column, message };
      }
    };
    const asked = (where, numRows = 5) => failing(model.sampleFromConditions({ numRows, where }).text());
    return {
      n: [await asked({ n: 4711 }), await asked({ n: 'Bonn' }), await asked({ n: { min: 7, max: 3 } }), await asked({ n: null }), ...[undefined, NaN, [3, Infinity], { min: NaN }].map((n) => sync(() => model.sampleFromConditions({ numRows: 1, where: { n } })))],
      kind: [await asked({ kind: 'Bonn' }), await asked({ kind: { min: 'Bonn' } }), await asked({ kind: [] })],
      id: [await asked({ id: 'x-4711' })],
      town: [await asked({ town: 'Bonn' })],
      null: [await asked({}, 0), await asked({}, 1.5), await asked('Bonn'), await failing(model.sampleFromConditions([]).toBlob()), await failing(model.sampleFromConditions({ num_rows: 4711 }).text())],
    };
  });
  for (const [column, errors] of Object.entries(seen)) {
    for (const error of errors) {
      assert.deepEqual([error.code, String(error.column)], ['bad-options', column]);
      assert.doesNotMatch(error.message, /Bonn|4711/);
    }
  }
});

test('what is too rare is given up; a loop has given what was found, and other calls come between', async () => {
  const seen = await page.evaluate(async () => {
    const wanted = [{ numRows: 3, where: { a: 'rare' } }, { numRows: 900, where: { a: 'rare', b: 'rare' } }];
    let given = '';
    const taking = (async () => {
      for await (const piece of independent.sampleFromConditions(wanted, { seed: '5' })) given += new TextDecoder().decode(piece);
    })();
    let order = [];
    const whole = failing(taking).then((error) => (order.push('over'), error));
    await independent.preview().then(() => order.push('preview'));
    const lost = failing(independent.sampleFromConditions(wanted, { seed: '5' }).toBlob());
    return { error: await whole, order, lines: given.trim().split('\n'), lost: await lost };
  });
  assert.deepEqual(seen.order, ['preview', 'over']);
  assert.deepEqual([seen.error.code, seen.lost], ['too-rare', seen.error]);
  const [, fit] = seen.error.message.match(/^condition 2 of 2: of 1000000 rows that were drawn (\d+) fit, and 900 are wanted/);
  assert.equal(seen.lines.length, 1 + 3 + Number(fit));
});

test('a cancel ends a search that has found nothing', async () => {
  // At the first or second word of how far it is: a quick machine soon gives up.
  for (const [taken, word] of [['blob', 1], ['loop', 1], ['text', 0], ['loop', 2]]) {
    const [worker] = page.workers();
    const { code, ms, told } = await page.evaluate(
      async ([taken, word]) => {
        const loop = async (sample) => {
          for await (const _ of sample);
        };
        const take = { loop, blob: (sample) => sample.toBlob(), text: (sample) => sample.text() }[taken];
        const abort = new AbortController();
        const told = [];
        let started;
        const stop = () => ((started = performance.now()), abort.abort());
        const onProgress = ({ done, total, etaMs }) => told.push([done, total, etaMs].join()) === word && stop();
        const error = failing(take(trees.sampleFromConditions(never, { signal: abort.signal, onProgress })));
        if (word === 0) await pause(0).then(stop);
        const { code } = await error;
        return { code, ms: performance.now() - started, told: [...new Set(told)] };
      },
      [taken, word],
    );
    assert.equal(code, 'cancelled');
    assert.ok(ms < 200, `${ms} ms`);
    assert.ok(told.every((progress) => progress === '0,5,'), `${told}`);
    assert.ok(page.workers().includes(worker), 'the worker was not even replaced');
  }
});

test('a description tells that the rows were chosen, and by which columns', async () => {
  const described = await page.evaluate(async () => {
    const conditions = { numRows: 30, where: { kind: 'c..d' } };
    const csv = await model.sampleFromConditions(conditions).toBlob();
    return [await model.croissant(csv, { conditions, numRows: 30 }), await model.croissant(csv)];
  });
  assert.deepEqual(described.map(({ standin }) => standin.conditions), [[{ rows: 30, columns: ['kind'] }], []]);
  assert.match(described[0]['rai:dataLimitations'][1], /chosen by what stands in "kind"/);
  assert.doesNotMatch(JSON.stringify(described[0]), /c\.\.d/);
});
