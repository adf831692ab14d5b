// The library as a package of npm: what is packed, how it is imported, and that it works where there is no browser.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { dist, native, openBrowser, require, serve, temporaryFile } from './harness.mjs';

const run = promisify(execFile);
const TABLE = `n,kind\n${Array.from({ length: 600 }, (_, i) => `${(i * 37) % 101},${'abc'[i % 3]}`).join('\n')}\n`;

const TARBALL_BYTES = 4e6; // two entries with the wasm in text, and the wasm as files

/** A project that has installed the tarball, and nothing else. */
let project;
let tarball;
before(async () => {
  project = await mkdtemp(join(tmpdir(), 'standin-project-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: join(dist, 'npm') });
  tarball = join(project, JSON.parse(stdout)[0].filename);
  await mkdir(join(project, 'node_modules/standin'), { recursive: true });
  await run('tar', ['xzf', tarball, '--strip-components=1', '-C', join(project, 'node_modules/standin')]);
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  await writeFile(join(project, 'table.csv'), TABLE);
});
after(() => rm(project, { recursive: true, force: true }));

/** Runs a module of that project in a process of its own, which must end by itself; gives what it logs as JSON. */
async function inProject(code) {
  const path = join(project, `${Math.random()}.js`);
  await writeFile(path, code);
  const { stdout } = await run(process.execPath, [path], { cwd: project, timeout: 60_000 });
  return JSON.parse(stdout);
}

test('the tarball keeps to its budget', async (t) => {
  const { size } = await stat(tarball);
  t.diagnostic(`${(size / 1e6).toFixed(2)} MB`);
  assert.ok(size < TARBALL_BYTES, `${size} bytes: make it smaller, or raise the budget on purpose`);
});

test('the package is as its users’ tools expect it', async () => {
  const { publint } = await import(pathToFileURL(require.resolve('publint')));
  const { messages } = await publint({ pkgDir: join(project, 'node_modules/standin'), level: 'suggestion' });
  assert.deepEqual(messages, []);
  // ES modules alone, so what old resolutions make of it is no matter; and a .wasm has no types.
  const attw = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js');
  const wasm = ['./standin.wasm', './files.wasm'];
  await run(process.execPath, [attw, tarball, '--profile', 'esm-only', '--no-color', '--exclude-entrypoints', ...wasm]).catch(({ stdout }) => assert.fail(stdout));
  const { version } = JSON.parse(await readFile(join(dist, 'npm/package.json'), 'utf8'));
  const core = await inProject(`
    import { createEngine } from 'standin';
    const engine = await createEngine();
    console.log(JSON.stringify((await engine.fit(${JSON.stringify(TABLE)})).info.version));`);
  assert.equal(version, core);
});

test('importing touches nothing, and leaves nothing in a bundle that does not use it', async () => {
  const seen = await inProject(`
    const globals = ['Blob', 'File', 'Worker', 'WebAssembly', 'crypto', 'fetch', 'Response', 'ReadableStream', 'document', 'window', 'HTMLElement', 'customElements', 'CSSStyleSheet', 'MessageChannel', 'trustedTypes'];
    const touched = [];
    for (const name of globals) {
      const own = globalThis[name];
      // Node's own modules touch them as well, while they load.
      Object.defineProperty(globalThis, name, { get: () => (new Error().stack.includes('/node_modules/standin/') && touched.push(name), own) });
    }
    const before = Object.getOwnPropertyNames(globalThis).length;
    for (const entry of ${JSON.stringify(ENTRIES)}) await import(entry);
    console.log(JSON.stringify([touched, Object.getOwnPropertyNames(globalThis).length - before]));`);
  assert.deepEqual(seen, [[], 0]);
  const bundled = await bundle(ENTRIES.map((entry, i) => `import * as unused${i} from '${entry}';`).join('\n'));
  assert.equal(bundled.trim(), '(() => {\n})();');
});

const ENTRIES = ['standin', 'standin/slim', 'standin/element'];

/** What a project's bundler makes of a module, for a browser and without a warning. */
async function bundle(contents) {
  const built = await require('esbuild').build({ stdin: { contents, resolveDir: project }, bundle: true, platform: 'browser', format: 'iife', write: false, logLevel: 'silent' });
  assert.deepEqual(built.warnings, []);
  return built.outputFiles[0].text;
}

test('Node fits, samples and ends by itself; the same bytes as the native program', async () => {
  const [seen, files] = await inProject(`
    import { openAsBlob } from 'node:fs';
    import { writeFile } from 'node:fs/promises';
    import { Readable } from 'node:stream';
    import { createReadStream } from 'node:fs';
    import { createEngine } from 'standin';
    const engine = await createEngine();
    const file = await openAsBlob('table.csv');
    const phases = new Set();
    const model = await engine.fit(file, { seed: '7', onProgress: ({ phase }) => phases.add(phase) });
    await writeFile('pieces.csv', model.sample({ numRows: 40_000 }));
    await writeFile('stream.csv', model.sample({ numRows: 40_000 }).toStream());
    const read = await engine.inspect(Readable.toWeb(createReadStream('table.csv')));
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    const started = performance.now();
    const code = await model.sample({ numRows: 1e9, signal: abort.signal }).toBlob().catch(({ code }) => code);
    const stopped = performance.now() - started;
    const report = await model.report(model.sample());
    console.log(JSON.stringify([{ rows: read.rows, code, stopped, phases: [...phases], sides: report.dials.length > 0 }, ['pieces.csv', 'stream.csv']]));`);
  assert.deepEqual([seen.rows, seen.code, seen.phases, seen.sides], [600, 'cancelled', ['receive', 'read', 'fit'], true]);
  assert.ok(seen.stopped < 300, `${seen.stopped} ms`);
  await run(native, ['synth', 'table.csv', '-o', 'native.csv', '--seed', '7', '--rows', '40000'], { cwd: project });
  const expected = await readFile(join(project, 'native.csv'));
  for (const file of files) assert.ok(expected.equals(await readFile(join(project, file))), file);
});

test('every example of the READMEs and of the guide runs as it stands', async () => {
  const texts = [join(project, 'node_modules/standin/README.md'), ...['README.md', 'docs/embedding.md'].map((name) => new URL(`../../${name}`, import.meta.url))];
  const examples = (await Promise.all(texts.map(async (path) => [...(await readFile(path, 'utf8')).matchAll(/```js\n([^]*?)```/g)]))).flat().map(([, code]) => code);
  assert.ok(examples.length >= 20);
  await symlink(join(project, 'node_modules/standin'), join(project, 'standin')); // where a bundler finds the .wasm
  for (const code of examples) {
    const imports = code.match(/^import .*$/gm) ?? [];
    const body = code.replaceAll(/^import .*$/gm, '');
    const ended = await inProject(`
      import { createEngine as prepare } from 'standin';
      ${imports.join('\n')}
      const table = (from) => 'age,sex,income\\n' + Array.from({ length: 900 }, (_, i) => [20 + ((i * 7 + from) % 50), 'mf'[i % 2], i % 3 ? 'low' : 'high'].join()).join('\\n');
      const [file, train, holdout, synthetic] = [0, 0, 1, 2].map((from) => new File([table(from)], 'table.csv'));
      const engine = await prepare();
      const model = await engine.fit(file);
      const csv = await model.sample().toBlob();
      // Whoever takes the rows has enough after some.
      let pieces = 0;
      const upload = async () => { if (++pieces === 3) throw new Error('enough'); };
      const fileHandle = { createWritable: async () => new WritableStream({ write: upload }) };
      console.log = () => {};
      try {
        {${body}}
        process.stdout.write('"done"');
      } catch (error) {
        if (error.message !== 'enough') throw error;
        process.stdout.write('"enough"');
      }`);
    assert.match(ended, code.includes('50_000_000') ? /enough/ : /done/, code);
  }
});

test('Node: a thread that dies is replaced, and a terminated engine leaves none', async () => {
  const seen = await inProject(`
    import { createEngine } from 'standin';
    const threads = [];
    process.on('worker', (thread) => threads.push(thread));
    const table = ${JSON.stringify(TABLE)};
    const engine = await createEngine({ workers: 1 });
    const model = await engine.fit(table, { seed: '7' });
    const first = await model.sample().text();
    const unsendable = await engine.inspect(table, { metadata: { tables: () => {} } }).catch(({ code }) => code);
    const fitting = engine.fit(table.repeat(30)).catch(({ code }) => code);
    setTimeout(() => threads[0].terminate(), 50);
    const died = await fitting;
    const same = (await model.sample().text()) === first;
    const pending = engine.fit(table).catch(({ code }) => code);
    engine.terminate();
    console.log(JSON.stringify([unsendable, died, same, threads.length, await pending, await new Promise((ended) => threads[1].once('exit', () => ended('ended')))]));`);
  assert.deepEqual(seen, ['bad-options', 'worker-died', true, 2, 'cancelled', 'ended']);
});

test('Node: threads share the work, and the bytes are those of one', async () => {
  const seen = await inProject(`
    import { createEngine } from 'standin';
    const threads = [];
    process.on('worker', (thread) => threads.push(thread));
    const table = 'n,kind,m\\n' + Array.from({ length: 6000 }, (_, i) => [(i * 37) % 101, 'abc'[(i * i) % 3], (i * 7919) % 997].join()).join('\\n');
    const made = [];
    for (const workers of [1, 3]) {
      const engine = await createEngine({ workers });
      const model = await engine.fit(table, { seed: '7' });
      made.push([Buffer.from(model.save()).toString('base64'), await model.sample({ numRows: 30_000 }).text()].join());
      engine.terminate();
    }
    console.log(JSON.stringify([made[0] === made[1], threads.length]));`);
  assert.deepEqual(seen, [true, 4]);
});

test('the slim entry takes its WebAssembly in every form, and says what is wrong with anything else', async () => {
  const seen = await inProject(`
    import { readFile } from 'node:fs/promises';
    import { createEngine } from 'standin/slim';
    const table = ${JSON.stringify(TABLE)};
    const address = import.meta.resolve('standin/standin.wasm');
    const bytes = await readFile(new URL(address));
    const module = await WebAssembly.compile(bytes);
    const typed = () => new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
    const good = { address, url: new URL(address), bytes, buffer: new Uint8Array(bytes).buffer, module, response: new Response(bytes), typed: typed(), promise: Promise.resolve(module), function: typed };
    const seen = { good: {}, bad: {} };
    for (const [name, wasm] of Object.entries(good)) {
      const engine = await createEngine({ wasm });
      seen.good[name] = (await engine.inspect(table)).rows;
      engine.terminate();
    }
    const other = import.meta.resolve('standin/files.wasm');
    const bad = { none: undefined, other, no: new URL('no.wasm', address), page: new Response('<!doctype html>'), gone: new Response('', { status: 404 }), cut: bytes.subarray(0, 999), number: 42, rejected: () => Promise.reject(new Error('offline')) };
    for (const [name, wasm] of Object.entries(bad)) seen.bad[name] = await createEngine({ wasm }).then(() => null, ({ name, code }) => [name, code]);
    seen.called = await createEngine().then(() => null, ({ code }) => code);
    const parquet = (filesWasm) => createEngine({ wasm: module, filesWasm }).then((engine) => engine.inspect(new Uint8Array([80, 65, 82, 49, 0]))).then(() => null, ({ code }) => code);
    seen.files = [await parquet(undefined), await parquet(address), await parquet(other)];
    process.getBuiltinModule = undefined; // as in a place that is neither a browser nor Node
    seen.nowhere = await createEngine({ wasm: module }).then(() => null, ({ code }) => code);
    console.log(JSON.stringify(seen));`);
  assert.deepEqual([...new Set(Object.values(seen.good))], [600]);
  assert.equal(Object.keys(seen.good).length, 9);
  for (const [name, told] of Object.entries(seen.bad)) assert.deepEqual(told, ['StandinError', 'no-module'], name);
  assert.equal(seen.called, 'no-module');
  assert.deepEqual(seen.files, ['no-module', 'no-module', 'damaged']);
  assert.equal(seen.nowhere, 'no-worker');
});

test('a bundled page fetches the modules of the slim entry when it needs them, from nowhere but where it was told', async (t) => {
  const script = await bundle(`
    import { createEngine, StandinError } from 'standin/slim';
    window.outcome = (async () => {
      const engine = await createEngine({ wasm: '/standin/standin.wasm', filesWasm: new URL('/standin/files.wasm', location) });
      const { rows } = await engine.inspect(${JSON.stringify(TABLE)});
      const parquet = await engine.inspect(new Uint8Array([80, 65, 82, 49, 0])).catch((error) => error);
      const error = await createEngine({ wasm: '/standin/none.wasm' }).catch((error) => error);
      return [rows, parquet.code, error instanceof StandinError, error.code];
    })();`);
  const html = await temporaryFile(t, 'index.html', `<!doctype html><title>Slim</title><script>${script.replaceAll('</script', '\\x3C/script')}</script>`);
  const installed = join(project, 'node_modules/standin');
  const server = await serve(html, {}, { '/standin/standin.wasm': join(installed, 'standin.wasm'), '/standin/files.wasm': join(installed, 'files.wasm') });
  const browser = await openBrowser();
  t.after(async () => {
    await browser.close();
    await server.close();
  });
  const page = await browser.open(server.url);
  assert.deepEqual(await page.evaluate(() => outcome), [600, 'damaged', true, 'no-module']);
  assert.deepEqual(server.requests.filter((request) => !request.includes('favicon')), ['GET /', 'GET /standin/standin.wasm', 'GET /standin/files.wasm', 'GET /standin/none.wasm']);
});
