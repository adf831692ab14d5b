/** The calls that begin with a table or a saved model. Each goes to the worker through the client. */

import { newId } from './client.js';
import { asyncDispose } from './dispose.js';
import { cancelled, terminated } from './errors.js';
import { toBlob } from './input.js';
import { Model } from './model.js';
import { randomSeed, seedText } from './seed.js';

/** The options that say how a file is to be read. */
const READING = ['skipBadRows', 'keepFooter', 'header', 'delimiter', 'encoding', 'sheet', 'maxMemory', 'maxRows'];

const SHARED_BYTES = 50_000; // of a smaller table one worker learns as soon as others could begin to help

const isLong = ({ blob }) => blob.size >= SHARED_BYTES;

export class Engine {
  #client;
  #maxMemoryMB;
  #over = new AbortController(); // stops streams that are still coming in
  #lastInput = null;

  constructor(client, { maxMemoryMB }) {
    this.#client = client;
    this.#maxMemoryMB = maxMemoryMB;
  }

  async inspect(input, { metadata, signal, onProgress, ...reading } = {}) {
    const table = await this.#readAs(input, reading, { signal, onProgress });
    if (isLong(table)) this.#client.prepare(); // a fit will follow
    return this.#client.call('inspect', { input: table, metadata }, { signal, onProgress });
  }

  async fit(input, { method = 'trees', preset = 'balanced', quality = 'full', seed = randomSeed(), holdout = 0, minSupport = 5, metadata, signal, onProgress, ...reading } = {}) {
    const options = { method, preset, quality, seed: seedText(seed), holdout, minSupport, metadata };
    const table = await this.#readAs(input, reading, { signal, onProgress });
    const id = newId();
    const { info, bytes, heldBack } = await this.#client.call('fit', { input: table, options, keepAs: id }, { signal, onProgress, shared: isLong(table) });
    this.#client.holds(id);
    return new Model(this.#client, { id, bytes }, info, { input: table, options, heldBack });
  }

  async load(saved, { signal, onProgress } = {}) {
    const blob = await this.#toBlob(saved, { signal, onProgress });
    const model = { id: newId(), bytes: new Uint8Array(await blob.arrayBuffer()) };
    return new Model(this.#client, model, await this.#client.call('load', {}, { model, signal, onProgress }), null);
  }

  async report({ train, holdout, synthetic }, { target, protected: groups, generations = false, metadata, signal, onProgress, ...reading } = {}) {
    const run = { signal, onProgress };
    const input = await this.#readAs(train, reading, run);
    const held = (holdout ?? null) === null ? null : { blob: await this.#toBlob(holdout, run) };
    const params = { input, holdout: held, synthetic: { blob: await this.#toBlob(synthetic, run) }, options: { metadata }, asked: { target, protected: groups }, generations };
    return this.#client.call('report', params, run);
  }

  async warmUp() {
    await this.#client.warmUp();
  }

  terminate() {
    this.#over.abort();
    this.#client.terminate();
  }

  [asyncDispose]() {
    this.terminate();
    return Promise.resolve();
  }

  async #toBlob(input, { signal, onProgress }) {
    if (this.#over.signal.aborted) throw terminated();
    const blob = await toBlob(input, [signal, this.#over.signal], onProgress);
    if (this.#over.signal.aborted) throw cancelled();
    return blob;
  }

  /** Gives the same key to the same input object, so that the worker need not parse it again. */
  async #readAs(input, reading, run) {
    const blob = await this.#toBlob(input, run);
    if (this.#lastInput?.input !== input) this.#lastInput = { input, id: newId() };
    const { id } = this.#lastInput;
    const { maxMemoryMB = this.#maxMemoryMB, ...rest } = reading;
    const all = { ...rest, maxMemory: maxMemoryMB && Math.round(maxMemoryMB * 2 ** 20) };
    const given = READING.filter((name) => (all[name] ?? null) !== null).map((name) => [name, all[name]]);
    return { key: `${id}:${JSON.stringify(given)}`, blob, reading: Object.fromEntries(given) };
  }
}
