/**
 * Standin for other pages: fit a model on a table and sample synthetic rows, in a worker of this tab, with no network.
 *
 *   const engine = await createEngine();
 *   const model = await engine.fit(file, { seed: '7' });
 *   const csv = await model.sample({ numRows: 1000 });   // a Blob
 *
 * The types, with units and defaults, are in index.d.ts. Importing this module has no side effects.
 */

import { workerSource, wasmGzipBase64 } from 'standin-assets';
import { Client } from './client.js';
import { StandinError } from './errors.js';

export { StandinError, workerSource };

const CHUNK_BYTES = 4 << 20;
/** The options that say how a file is to be read. */
const READING = ['skipBadRows', 'keepFooter', 'header', 'delimiter', 'encoding', 'sheet', 'maxMemory', 'maxRows'];

/** What a sample was written as, by its type. */
const FORMATS = { 'text/csv': 'csv', 'application/json': 'json', 'application/x-ndjson': 'jsonl', 'application/vnd.apache.parquet': 'parquet' };

export async function createEngine({ worker = makeWorker, wasm, filesWasm = ownFilesWasm, chunkBytes = CHUNK_BYTES } = {}) {
  const module = await compile((await wasm) ?? (await unpack(wasmGzipBase64)));
  const start = () => {
    const started = worker();
    started.postMessage({ start: module, chunkBytes });
    return started;
  };
  let files = null;
  const openFiles = () => {
    files ??= compileFiles(filesWasm);
    files.catch(() => (files = null)); // the next file tries again
    return files;
  };
  return new Engine(new Client(start, openFiles));
}

class Engine {
  #client;
  #lastInput = null;

  constructor(client) {
    this.#client = client;
  }

  async inspect(input, { metadata, signal, onProgress, ...reading } = {}) {
    return this.#client.call('inspect', { input: this.#readAs(input, reading), metadata }, { signal, onProgress });
  }

  async fit(input, { method = 'trees', preset = 'balanced', quality = 'full', seed = randomSeed(), holdout = 0, minSupport = 5, metadata, signal, onProgress, ...reading } = {}) {
    const options = { method, preset, quality, seed: String(seed), holdout, minSupport, metadata };
    const table = this.#readAs(input, reading);
    const id = newId();
    const { info, bytes, heldBack } = await this.#client.call('fit', { input: table, options, keepAs: id }, { signal, onProgress });
    this.#client.holds(id);
    return new Model(this.#client, { id, bytes }, info, { input: table, options, heldBack });
  }

  async load(saved, { signal } = {}) {
    const model = { id: newId(), bytes: new Uint8Array(await toBlob(saved).arrayBuffer()) };
    return new Model(this.#client, model, await this.#client.call('load', {}, { model, signal }), null);
  }

  terminate() {
    this.#client.terminate();
  }

  /** Gives the same key to the same input object, so that the worker need not parse it again. */
  #readAs(input, options) {
    if (this.#lastInput?.input !== input) this.#lastInput = { input, blob: toBlob(input), id: newId() };
    const { blob, id } = this.#lastInput;
    const all = { ...options, maxMemory: options.maxMemoryMB && Math.round(options.maxMemoryMB * 2 ** 20) };
    const given = READING.filter((name) => (all[name] ?? null) !== null).map((name) => [name, all[name]]);
    return { key: `${id}:${JSON.stringify(given)}`, blob, reading: Object.fromEntries(given) };
  }
}

class Model {
  #client;
  #model; // { id, bytes }: the saved form is kept here, so that a replaced worker can be given it
  #fitted; // { input, options, heldBack }, or null for a loaded model

  constructor(client, model, info, fitted) {
    this.#client = client;
    this.#model = model;
    this.#fitted = fitted;
    this.info = { ...info, bytes: model.bytes.length };
  }

  get heldBack() {
    return this.#fitted?.heldBack ?? null;
  }

  sample({ numRows = this.info.rows, seed = this.info.seed, draws = 'spread', format, signal, onProgress } = {}) {
    return this.#client.call('sample', { numRows, seed: String(seed), draws, format }, { model: this.#model, signal, onProgress });
  }

  preview(numRows = 10, seed = this.info.seed, draws = 'spread') {
    return this.#client.call('preview', { numRows, seed: String(seed), draws }, { model: this.#model });
  }

  async croissant(synthetic, { name = 'synthetic.csv', numRows, seed = this.info.seed, draws = 'spread', report, signal } = {}) {
    const sample = toBlob(synthetic);
    const made = { name, format: FORMATS[sample.type] ?? null, rows: numRows ?? null, seed: String(seed), draws, report: report ? { scores: report.scores } : null };
    return this.#client.call('croissant', { made, sample }, { model: this.#model, signal });
  }

  async report(synthetic, { target, protected: groups, generations = false, signal, onProgress } = {}) {
    if (!this.#fitted) throw new StandinError('bad-options', 'A loaded model has no table to compare with: fit it in this session first.');
    const { input, options } = this.#fitted;
    const params = { input, options, asked: { target, protected: groups }, generations, synthetic: { blob: toBlob(synthetic) } };
    return this.#client.call('report', params, { signal, onProgress });
  }

  save() {
    return this.#model.bytes.slice();
  }

  dispose() {
    return this.#client.call('dispose', { id: this.#model.id });
  }
}

let workerUrl;

/** A classic worker from a Blob: it inherits the page's content security policy and starts from file:// too. */
function makeWorker() {
  workerUrl ??= trusted(URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' })));
  return new Worker(workerUrl);
}

/** For pages that require Trusted Types and allow a policy of this name. */
function trusted(url) {
  const types = globalThis.trustedTypes;
  return types ? types.createPolicy('standin', { createScriptURL: (text) => text }).createScriptURL(url) : url;
}

async function compile(wasm) {
  if (wasm instanceof WebAssembly.Module) return wasm;
  if (wasm instanceof Response) return WebAssembly.compile(await wasm.arrayBuffer());
  return WebAssembly.compile(wasm);
}

async function compileFiles(filesWasm) {
  try {
    return await compile(await (typeof filesWasm === 'function' ? filesWasm() : filesWasm));
  } catch {
    throw new StandinError('no-module', 'The part that reads and writes Excel and Parquet files is not there: save the table as CSV, or serve files.js beside index.js.');
  }
}

/** A module of its own, which only a page that gets such a file loads. */
async function ownFilesWasm() {
  const { filesGzipBase64 } = await import('standin-files');
  return unpack(filesGzipBase64);
}

function unpack(gzipBase64) {
  const packed = Uint8Array.from(atob(gzipBase64), (character) => character.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')));
}

function toBlob(input) {
  if (input instanceof Blob) return input;
  if (typeof input === 'string' || input instanceof ArrayBuffer || ArrayBuffer.isView(input)) return new Blob([input]);
  throw new StandinError('bad-options', 'Give the table as a Blob, File, ArrayBuffer, Uint8Array or string.');
}

let lastId = 0;
const newId = () => ++lastId;

/** 53 random bits as decimal digits: short enough to write down. */
export function randomSeed() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return String((high % 2 ** 21) * 2 ** 32 + low);
}
