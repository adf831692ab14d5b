/** Starts the worker where the caller does not: in browsers one of theirs, in Node a thread. */

import { StandinError } from './errors.js';

/** Of the machine, as far as it is told. */
export const cores = () => globalThis.navigator?.hardwareConcurrency ?? builtin('node:os')?.availableParallelism() ?? 1;

let url;

export function startWorker(source) {
  if (typeof Worker === 'function') {
    // A classic worker from a Blob: it inherits the page's content security policy and starts from file:// too.
    url ??= trusted(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
    return new Worker(url);
  }
  const threads = builtin('node:worker_threads');
  if (!threads) throw new StandinError('no-worker', 'There are no workers here: give `worker`, or use a browser, or Node 20.16 or later.');
  return new Thread(threads.Worker, source);
}

/** A module of Node's, asked for at run time: an import would stop bundlers for browsers. */
const builtin = (name) => globalThis.process?.getBuiltinModule?.(name);

/** For pages that require Trusted Types and allow a policy of this name. */
function trusted(url) {
  const types = globalThis.trustedTypes;
  return types ? types.createPolicy('standin', { createScriptURL: (text) => text }).createScriptURL(url) : url;
}

/** What the worker script knows of a browser. */
const AS_IN_A_BROWSER = `
  const { parentPort } = require('node:worker_threads');
  globalThis.self = globalThis;
  self.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
  parentPort.on('message', (data) => self.onmessage({ data }));
`;

/** A thread of Node's with the face of a browser's worker. While no call waits for it, the program may end. */
class Thread {
  onmessage = null;
  onerror = null;
  onmessageerror = null;
  #thread;

  constructor(NodeWorker, source) {
    this.#thread = new NodeWorker(AS_IN_A_BROWSER + source, { eval: true });
    this.#thread.on('message', (data) => {
      if ('result' in data || 'error' in data) this.#thread.unref();
      this.onmessage?.({ data });
    });
    this.#thread.on('error', ({ message }) => this.onerror?.({ message, preventDefault() {} }));
    this.#thread.on('exit', () => this.onerror?.({ message: 'its thread ended', preventDefault() {} }));
    this.#thread.on('messageerror', () => this.onmessageerror?.());
    this.#thread.unref();
  }

  postMessage(message, transfer) {
    if ('method' in message) this.#thread.ref();
    this.#thread.postMessage(message, transfer);
  }

  terminate() {
    this.#thread.terminate();
  }
}
