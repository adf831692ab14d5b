/**
 * The caller's half of the worker protocol (the other half, and the messages, are in worker.js). It owns the workers: the first
 * answers the calls, one after the other; the others, its hands, are started when work comes that can be shared, and hear from
 * the first alone. It queues calls, stops the one that is aborted, and replaces a worker that died or does not answer.
 *
 * Nothing is lost with a worker: calls carry the input as a Blob, and models go along as bytes when the present worker
 * does not hold them yet.
 */

import { cancelled, fromWorker, terminated, unsendable, workerDied } from './errors.js';
import { timeLeft } from './progress.js';

let lastId = 0;

/** For what a worker is told to keep: a table, a model, a sample. */
export const newId = () => ++lastId;

const REST_MS = 10_000; // without work, after which all workers but the first are ended, and their memory is free
const CANCEL_MS = 100; // a worker busy for longer than this after a cancel is terminated, to keep within 200 ms

export class Client {
  #startWorker;
  #openFiles;
  #worker = null;
  #hands; // a worker each, or null
  #held = new Set(); // ids of the models in the present worker
  #queue = [];
  #active = null;
  #lastId = 0;
  #rest = null; // the timer
  #isWarm = false;
  #over = false;

  /**
   * @param startWorker returns a new Worker that has been sent its `start` message
   * @param openFiles gives the compiled module that reads Excel and Parquet; called when a worker first needs it
   * @param workers how many there may be
   */
  constructor(startWorker, openFiles, workers) {
    this.#hands = Array(workers - 1).fill(null);
    this.#startWorker = startWorker;
    this.#openFiles = openFiles;
    this.#start();
  }

  /** Resolves with the worker's answer. `model` is { id, bytes } for the methods that need one; `shared`: by all workers. */
  call(method, params, { model, signal, onProgress, shared = false, yields = false } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled());
      if (this.#over) return reject(terminated());
      const call = { id: ++this.#lastId, method, params, model, signal, shared, yields, resolve, reject };
      call.onProgress = onProgress && withTimeLeft(onProgress);
      call.onAbort = () => this.#abort(call);
      signal?.addEventListener('abort', call.onAbort);
      this.#queue.push(call);
      if (this.#active?.yields) this.#worker.postMessage({ cancel: this.#active.id });
      this.#next();
    });
  }

  /** While nothing else is to be done. What fails here is told where it fails a call. */
  async warmUp() {
    if (this.#active || this.#isWarm) return;
    await this.call('warmUp', {}, { yields: true }).then(() => (this.#isWarm = true), () => {});
  }

  /** Starts all workers, so that they are there when work comes that they share. */
  prepare() {
    this.#hands.forEach((_, place) => this.#hire(place));
  }

  /** Says that the present worker holds this model (a fit leaves it there). */
  holds(id) {
    this.#held.add(id);
  }

  /** Frees what the present worker holds. Where it cannot, it holds nothing: whatever ends a worker frees all of it. */
  async release(method, id) {
    this.#held.delete(id);
    if (this.#worker) await this.call(method, { id }).catch(() => {});
  }

  terminate() {
    this.#over = true;
    this.#drop();
    const calls = this.#active ? [this.#active, ...this.#queue] : [];
    this.#queue = [];
    for (const call of calls) this.#settle(call, () => call.reject(cancelled()));
  }

  #start() {
    this.#worker = this.#watched((detail) => this.#died(detail));
    this.#worker.onmessage = ({ data }) => this.#receive(data);
  }

  /** A new worker, and whom to tell when it dies. */
  #watched(died) {
    const worker = this.#startWorker();
    worker.onerror = (event) => {
      event.preventDefault();
      died(event.message);
    };
    worker.onmessageerror = () => died('unreadable message');
    return worker;
  }

  /** Ports to all hands, as the first worker takes them. */
  #lend() {
    return this.#hands.map((_, place) => {
      const { port1, port2 } = new MessageChannel();
      this.#hire(place).postMessage({ lend: port1 }, [port1]);
      return { port: port2, worker: place };
    });
  }

  #hire(place) {
    return (this.#hands[place] ??= this.#watched(() => this.#lose(place)));
  }

  #lose(place) {
    end(this.#hands[place]);
    this.#hands[place] = null;
    this.#worker?.postMessage({ lost: place });
  }

  /** All of them: what hands do is nobody's without the first. */
  #drop() {
    [this.#worker, ...this.#hands].forEach(end);
    this.#worker = null;
    this.#hands.fill(null);
    this.#held.clear();
  }

  #next() {
    if (this.#active) return;
    clearTimeout(this.#rest);
    if (this.#queue.length === 0) {
      this.#rest = setTimeout(() => this.#hands.forEach((hand, place) => hand && this.#lose(place)), REST_MS);
      return this.#rest.unref?.(); // Node does not wait for it
    }
    if (!this.#worker) this.#start();
    const call = (this.#active = this.#queue.shift());
    const { id, method, params, model } = call;
    const reference = model && this.#held.has(model.id) ? { id: model.id } : model;
    try {
      const hands = call.shared ? this.#lend() : [];
      this.#worker.postMessage({ id, method, params: { ...params, model: reference }, hands }, hands.map(({ port }) => port));
    } catch (cause) {
      this.#settle(call, () => call.reject(unsendable(cause)));
    }
  }

  #receive({ id, progress, wantsFiles, wantsBytes, result, error }) {
    if (wantsBytes) return this.#bringBytes(wantsBytes);
    const call = this.#active;
    if (call?.id !== id) return;
    if (wantsFiles) return this.#bringFiles(call);
    if (progress) return call.onProgress?.(progress);
    if (error?.code === 'worker-died') return this.#died(error.message);
    if (call.model && !error) this.#held.add(call.model.id);
    // An answer that crossed with the cancel is still a cancelled call: the caller has moved on.
    if (error || call.signal?.aborted) this.#settle(call, () => call.reject(error ? fromWorker(error) : cancelled()));
    else this.#settle(call, () => call.resolve(result));
  }

  async #bringBytes({ slice, blob }) {
    const worker = this.#worker;
    const bytes = await blob.arrayBuffer().catch(() => null);
    worker.postMessage({ slice, bytes }, bytes ? [bytes] : []);
  }

  async #bringFiles(call) {
    const worker = this.#worker;
    try {
      worker.postMessage({ files: await this.#openFiles() });
    } catch (error) {
      if (call !== this.#active) return;
      this.#drop(); // it would wait for ever
      this.#settle(call, () => call.reject(error));
    }
  }

  #abort(call) {
    if (call !== this.#active) {
      this.#queue = this.#queue.filter((other) => other !== call);
      return this.#settle(call, () => call.reject(cancelled()));
    }
    this.#worker.postMessage({ cancel: call.id });
    call.timer = setTimeout(() => {
      this.#drop();
      this.#settle(call, () => call.reject(cancelled()));
    }, CANCEL_MS);
  }

  #died(detail) {
    this.#drop();
    const call = this.#active;
    if (call) this.#settle(call, () => call.reject(workerDied(detail)));
  }

  #settle(call, answer) {
    clearTimeout(call.timer);
    call.signal?.removeEventListener('abort', call.onAbort);
    if (call === this.#active) this.#active = null;
    answer();
    this.#next();
  }
}

function end(worker) {
  if (!worker) return;
  worker.onmessage = worker.onerror = worker.onmessageerror = null;
  worker.terminate();
}

function withTimeLeft(onProgress) {
  const complete = timeLeft();
  return (progress) => onProgress(complete(progress));
}
