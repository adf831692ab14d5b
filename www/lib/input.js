/** Tables as callers have them, made into a Blob: the worker reads that in slices, and as often as it needs. */

import { StandinError, cancelled } from './errors.js';
import { seldom } from './progress.js';
import { Sample } from './sample.js';

const JOIN_BYTES = 16 << 20;

/** What must be read to be sent, with its reading: a stream can be read only once. */
const readings = new WeakMap();

/** A stream is read to its end, unless one of `signals` aborts. */
export async function toBlob(input, signals = [], onProgress = null) {
  if (signals.some((signal) => signal?.aborted)) throw cancelled(); // and a stream is as it was
  if (input instanceof Blob && isSendable(input)) return input;
  if (typeof input === 'string' || input instanceof ArrayBuffer || ArrayBuffer.isView(input)) return new Blob([input]);
  const open = opening(input);
  if (!open) throw new StandinError('bad-options', 'Give the table as a Blob, File, ReadableStream, Response, ArrayBuffer, Uint8Array, string or Sample.');
  const isOver = readings.get(input)?.broken && input instanceof Blob; // which can be read again
  if (!readings.has(input) || isOver) readings.set(input, new Reading(open));
  return readings.get(input).wait(signals, onProgress);
}

/** One reading for all calls that were given the same input. It stops when none of them waits for it any more. */
class Reading {
  broken = false;
  #done = false;
  #blob;
  #stop = new AbortController();
  #waiting = new Set(); // an object for each call, with its `onProgress`

  /** `open(signal, tell)` reads; `tell` is called with bytes, and with how many are expected, 0 where that is not known. */
  constructor(open) {
    const tell = seldom((done, total) => this.#waiting.forEach(({ onProgress }) => onProgress?.({ phase: 'receive', done, total, etaMs: null })));
    this.#blob = open(this.#stop.signal, tell);
    this.#blob.then(() => (this.#done = true), () => (this.broken = true));
  }

  async wait(signals, onProgress) {
    if (this.broken) throw new StandinError('unreadable', 'This stream was not read to its end, and it can be read only once: give a new one.');
    const one = { onProgress };
    this.#waiting.add(one);
    let leave;
    const left = new Promise((_, reject) => (leave = () => reject(cancelled())));
    signals.forEach((signal) => signal?.addEventListener('abort', leave));
    try {
      return await Promise.race([this.#blob, left]);
    } finally {
      signals.forEach((signal) => signal?.removeEventListener('abort', leave));
      this.#waiting.delete(one);
      if (this.#waiting.size === 0 && !this.#done) {
        this.broken = true;
        this.#stop.abort();
      }
    }
  }
}

/** A browser sends any Blob; Node none that lies on disk. */
function isSendable(blob) {
  try {
    return Boolean(structuredClone(blob));
  } catch {
    return false;
  }
}

/** How to read it, where that must be done here. */
function opening(input) {
  if (input instanceof Blob) return (stop, tell) => collect(input.stream(), input.size, stop, tell);
  if (input instanceof Sample) return (stop) => input.toBlob({ signal: stop });
  if (input instanceof ReadableStream) return (stop, tell) => collect(input, 0, stop, tell);
  if (input instanceof Response) return async (stop, tell) => {
    if (!input.ok) throw new StandinError('unreadable', `The table could not be fetched: the server answered ${input.status}.`);
    return input.body ? collect(input.body, Number(input.headers.get('content-length')), stop, tell) : new Blob();
  };
  return null;
}

/** Asks for the next chunk when the last one is stored, so the source is never hurried. */
async function collect(stream, expected, stop, tell) {
  if (stream.locked) throw new StandinError('unreadable', 'This stream is being read by someone else: give one that nobody has begun.');
  const reader = stream.getReader();
  const end = () => reader.cancel().catch(() => {}); // which ends the reading below
  stop.addEventListener('abort', end);
  try {
    let parts = [];
    let [size, done] = [0, 0];
    for (;;) {
      const chunk = await next(reader);
      if (chunk.done) break;
      parts.push(chunk.value);
      size += chunk.value.byteLength;
      done += chunk.value.byteLength;
      tell(done, done <= expected ? expected : 0); // a packed answer says how long it is packed
      if (size < JOIN_BYTES) continue;
      parts = [new Blob(parts)]; // outside the heap
      size = 0;
    }
    if (stop.aborted) throw cancelled();
    return new Blob(parts);
  } catch (error) {
    end();
    throw error;
  } finally {
    stop.removeEventListener('abort', end);
  }
}

async function next(reader) {
  let read;
  try {
    read = await reader.read();
  } catch (cause) {
    throw new StandinError('unreadable', 'The stream broke off before its end.', { cause });
  }
  if (read.done || read.value instanceof ArrayBuffer || ArrayBuffer.isView(read.value)) return read;
  throw new StandinError('bad-options', 'Give a stream of bytes: text goes through a TextEncoderStream.');
}
