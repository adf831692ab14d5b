/**
 * A file of synthetic rows that is made while it is taken: as pieces, as a stream, or whole. Each piece is a call of its own to
 * the worker, one ahead of whoever takes them, so that a slow one fills no memory and other calls get their turn.
 */

import { newId } from './client.js';
import { StandinError, cancelled } from './errors.js';
import { timeLeft } from './progress.js';

const SHARED_ROWS = 20_000; // fewer are made as soon as other workers could begin to help

export class Sample {
  #client;
  #model;
  #wanted; // { numRows, seed, draws, format, conditions }
  #run; // { signal, onProgress }
  #taken = false;

  constructor(client, model, wanted, run) {
    this.#client = client;
    this.#model = model;
    this.#wanted = wanted;
    this.#run = run;
  }

  /** Pieces of bytes. Leaving the loop stops the work. */
  [Symbol.asyncIterator]() {
    this.#take();
    return this.#pieces(new AbortController());
  }

  toStream() {
    this.#take();
    const stop = new AbortController();
    const pieces = this.#pieces(stop);
    return new ReadableStream(
      {
        async pull(controller) {
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel() {
          stop.abort();
          return pieces.return();
        },
      },
      { highWaterMark: 0 }, // one piece is ahead as it is
    );
  }

  /** All of it, which the browser keeps outside the heap and, where it is large, on disk. */
  async toBlob({ signal } = {}) {
    this.#take();
    const stop = [signal, this.#run.signal].filter(Boolean);
    const run = { ...this.#run, signal: stop.length > 1 ? AbortSignal.any(stop) : stop[0] };
    return this.#client.call('sample', this.#wanted, { model: this.#model, shared: this.#isLong, ...run });
  }

  async text() {
    const bytes = await (await this.toBlob()).arrayBuffer();
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw new StandinError('not-utf8', 'This sample is not UTF-8, as its table was not, or is Parquet: take it with toBlob().');
    }
  }

  get #isLong() {
    return !this.#wanted.conditions && this.#wanted.numRows >= SHARED_ROWS;
  }

  #take() {
    if (this.#taken) throw new StandinError('consumed', 'This sample was taken already: call model.sample() again, with the same seed for the same rows.');
    this.#taken = true;
  }

  async *#pieces(stop) {
    const client = this.#client;
    const id = newId();
    const { signal, onProgress } = this.#run;
    const complete = timeLeft(); // over all pieces
    const run = { model: this.#model, signal: stop.signal, onProgress: onProgress && ((progress) => onProgress(complete(progress))) };
    let taken = 0;
    const ask = () => {
      const coming = client.call('piece', { id, taken, ...this.#wanted }, { ...run, shared: taken++ === 0 && this.#isLong });
      coming.catch(() => {}); // told when it is awaited
      return coming;
    };
    const end = () => {
      stop.abort();
      client.release('endSample', id);
    };
    signal?.addEventListener('abort', end);
    if (signal?.aborted) stop.abort();
    try {
      let coming = ask();
      for (let piece; (piece = await coming); ) {
        if (stop.signal.aborted) throw cancelled();
        coming = ask();
        if (piece.length > 0) yield piece; // of a search that has found nothing yet, the next will tell
      }
    } finally {
      signal?.removeEventListener('abort', end);
      end();
    }
  }
}
