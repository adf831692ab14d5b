/**
 * The caller's half of the worker protocol (the other half, and the messages, are in worker.js). It owns the worker:
 * starts it, queues calls, stops the one that is aborted, and replaces a worker that died or does not answer.
 *
 * Nothing is lost with a worker: calls carry the input as a Blob, and models go along as bytes when the present worker
 * does not hold them yet.
 */

import { cancelled, fromWorker, terminated, unsendable, workerDied } from './errors.js';
import { timeLeft } from './progress.js';

let lastId = 0;

/** For what a worker is told to keep: a table, a model, a sample. */
export const newId = () => ++lastId;

const CANCEL_MS = 100; // a worker busy for longer than this after a cancel is terminated, to keep within 200 ms

export class Client {
  #startWorker;
  #openFiles;
  #worker = null;
  #held = new Set(); // ids of the models in the present worker
  #queue = [];
  #active = null;
  #lastId = 0;
  #over = false;

  /**
   * @param startWorker returns a new Worker that has been sent its `start` message
   * @param openFiles gives the compiled module that reads Excel and Parquet; called when a worker first needs it
   */
  constructor(startWorker, openFiles) {
    this.#startWorker = startWorker;
    this.#openFiles = openFiles;
    this.#start();
  }

  /** Resolves with the worker's answer. `model` is { id, bytes } for the methods that need one. */
  call(method, params, { model, signal, onProgress } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled());
      if (this.#over) return reject(terminated());
      const call = { id: ++this.#lastId, method, params, model, signal, resolve, reject };
      call.onProgress = onProgress && withTimeLeft(onProgress);
      call.onAbort = () => this.#abort(call);
      signal?.addEventListener('abort', call.onAbort);
      this.#queue.push(call);
      this.#next();
    });
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
    const worker = this.#startWorker();
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#died(event.message);
    };
    worker.onmessageerror = () => this.#died('unreadable message');
    this.#worker = worker;
  }

  #drop() {
    if (this.#worker) {
      this.#worker.onmessage = this.#worker.onerror = this.#worker.onmessageerror = null;
      this.#worker.terminate();
    }
    this.#worker = null;
    this.#held.clear();
  }

  #next() {
    if (this.#active || this.#queue.length === 0) return;
    if (!this.#worker) this.#start();
    const call = (this.#active = this.#queue.shift());
    const { id, method, params, model } = call;
    const reference = model && this.#held.has(model.id) ? { id: model.id } : model;
    try {
      this.#worker.postMessage({ id, method, params: { ...params, model: reference } });
    } catch (cause) {
      this.#settle(call, () => call.reject(unsendable(cause)));
    }
  }

  #receive({ id, progress, wantsFiles, result, error }) {
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

function withTimeLeft(onProgress) {
  const complete = timeLeft();
  return (progress) => onProgress(complete(progress));
}
