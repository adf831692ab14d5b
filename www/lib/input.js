/** Tables as callers have them, made into a Blob: the worker reads that in slices, and as often as it needs. */

import { StandinError, cancelled } from './errors.js';
import { Sample } from './sample.js';

const JOIN_BYTES = 16 << 20;

/** What can be read only once, with the promise of what was read of it. */
const kept = new WeakMap();

/** A stream is read to its end, unless one of `signals` aborts. */
export async function toBlob(input, ...signals) {
  if (input instanceof Blob && isSendable(input)) return input;
  if (typeof input === 'string' || input instanceof ArrayBuffer || ArrayBuffer.isView(input)) return new Blob([input]);
  const open = opening(input);
  if (!open) throw new StandinError('bad-options', 'Give the table as a Blob, File, ReadableStream, Response, ArrayBuffer, Uint8Array, string or Sample.');
  if (!kept.has(input)) {
    const reading = open(signals);
    kept.set(input, reading);
    reading.catch(() => {
      const over = Promise.reject(new StandinError('unreadable', 'This stream was not read to its end, and it can be read only once: give a new one.'));
      over.catch(() => {}); // told to the next one who brings it
      kept.set(input, over);
    });
  }
  return kept.get(input);
}

/** A browser sends any Blob; Node none that lies on disk. */
function isSendable(blob) {
  try {
    return Boolean(structuredClone(blob));
  } catch {
    return false;
  }
}

function opening(input) {
  if (input instanceof Blob) return (signals) => collect(input.stream(), signals);
  if (input instanceof Sample) return () => input.toBlob();
  if (input instanceof ReadableStream) return (signals) => collect(input, signals);
  if (input instanceof Response) return async (signals) => {
    if (!input.ok) throw new StandinError('unreadable', `The table could not be fetched: the server answered ${input.status}.`);
    return input.body ? collect(input.body, signals) : new Blob();
  };
  return null;
}

/** Asks for the next chunk when the last one is stored, so the source is never hurried. */
async function collect(stream, signals) {
  if (stream.locked) throw new StandinError('unreadable', 'This stream is being read by someone else: give one that nobody has begun.');
  const reader = stream.getReader();
  const stop = () => reader.cancel().catch(() => {}); // which ends the reading below
  for (const signal of signals) signal?.addEventListener('abort', stop);
  if (signals.some((signal) => signal?.aborted)) stop();
  try {
    let parts = [];
    let size = 0;
    for (;;) {
      const { done, value } = await next(reader);
      if (done) break;
      parts.push(value);
      size += value.byteLength;
      if (size < JOIN_BYTES) continue;
      parts = [new Blob(parts)]; // outside the heap
      size = 0;
    }
    if (signals.some((signal) => signal?.aborted)) throw cancelled();
    return new Blob(parts);
  } catch (error) {
    stop();
    throw error;
  } finally {
    for (const signal of signals) signal?.removeEventListener('abort', stop);
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
