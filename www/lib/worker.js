/*
 * The worker's half of the library: a classic script that runs after wasm-bindgen's no-modules glue, which defines the
 * global `wasm_bindgen`, and after the one of the files module, wrapped as `openStandinFiles`, which gives a fresh copy of
 * it. It answers one call at a time (the client queues them):
 *
 *   in   { start: WebAssembly.Module, chunkBytes }     once, first
 *        { id, method, params, hands }                 a call; ports to workers that may share the work, as { port, worker }
 *        { lend: MessagePort }                         be such a worker (see hands.js)
 *        { lost: worker }                              this one died
 *        { cancel: id }                                stop that call as soon as possible
 *        { files: WebAssembly.Module }                 what was wanted
 *        { slice, bytes }                              what was wanted: an ArrayBuffer, or null where nobody can read it
 *   out  { id, progress: { phase, done, total } }
 *        { id, wantsFiles: true }                      at most once: the call goes on when it is there
 *        { wantsBytes: { slice, blob } }               of a part of the input, where workers may not read Blobs: WebKit, from the disk
 *        { id, result }  or  { id, error: { code, message, row, column, mismatches } }
 *
 * Long work runs in slices with a turn of the event loop between them, so that a cancel is seen.
 * An Excel or Parquet file is unpacked in one go; the client ends a worker that does not hear. It keeps the parsed table
 * of the last input, the models, and samples that are taken piece by piece, until told otherwise.
 */

import { Hand, SharedSampler, fitTogether, lendHand } from './hands.js';
import { inSlices } from './turns.js';

const PROGRESS_MS = 60;
const PIECE_BYTES = 256 << 10; // parsed in a few milliseconds; reading a file in pieces this small would be slow
const PIECE_STEPS = 16; // after which a search that finds little lets other calls come
const PARTS = 256; // pieces of a sample that are joined into a Blob
const HEAD_BYTES = 128; // enough to tell what a file is
const WARM_ROWS = 1000; // about a second's work, most of it in code that is not compiled well yet
const MAX_WHOLE_BYTES = 512 << 20; // of files that cannot be read from front to back: they are held twice

/** The MIME type of a sample, by its layout. */
const TYPES = { delimited: 'text/csv', json: 'application/json', 'json-lines': 'application/x-ndjson', parquet: 'application/vnd.apache.parquet' };
/** What an input that is plain text says of itself. */
const TEXT_FACTS = { sheets: [], sheet: null, leftOut: [] };

let ready;
let chunkBytes;
let table = null; // { key, source, facts }: the last input, parsed
const models = new Map();
const writers = new Map(); // { writer, made } of samples that are taken piece by piece
const hands = new Set(); // those of calls, and of samples that are taken piece by piece
let stopping = null; // id of the call that was asked to stop
let filesModule = null; // a promise, once it is wanted
let giveFiles;
const slices = new Map(); // who waits for bytes, by the number of the slice
let lastSlice = 0;

self.onmessage = ({ data }) => {
  if (data.start) {
    chunkBytes = data.chunkBytes;
    ready = wasm_bindgen({ module_or_path: data.start }).catch((error) => {
      throw coded('no-module', `the WebAssembly cannot be started: it is of another version, or memory is short (${error.name})`);
    });
    ready.catch(() => {}); // answered by the first call
  } else if ('cancel' in data) {
    stopping = data.cancel;
  } else if (data.files) {
    giveFiles(data.files);
  } else if ('bytes' in data) {
    slices.get(data.slice)(data.bytes);
    slices.delete(data.slice);
  } else if (data.lend) {
    // What fails here ends this worker: thrown where nobody catches it.
    ready.then(() => lendHand(data.lend, wasm_bindgen)).catch((error) => setTimeout(() => { throw error; }));
  } else if ('lost' in data) {
    hands.forEach((hand) => hand.worker === data.lost && hand.lose());
  } else {
    answer(data);
  }
};

async function answer({ id, method, params, hands: lent = [] }) {
  const call = newCall(id);
  call.hands = lent.map(({ port, worker }) => new Hand(port, worker));
  call.hands.forEach((hand) => hands.add(hand));
  try {
    await ready;
    const { result, transfer = [] } = await methods[method](call, params);
    self.postMessage({ id, result }, transfer);
  } catch (error) {
    self.postMessage({ id, error: describe(error) });
  } finally {
    dismiss(call.hands);
  }
}

function dismiss(ended) {
  ended.forEach((hand) => {
    hand.end();
    hands.delete(hand);
  });
}

const methods = {
  async inspect(call, { input, metadata }) {
    const { source, facts } = await openTable(call, input);
    const { sheets, sheet, leftOut } = facts;
    return { result: { ...source.inspect(metadata), sheets, sheet, leftOut } };
  },

  async fit(call, { input, options, keepAs }) {
    const { source } = await openTable(call, input);
    let heldBack;
    const model = await using(source.fit(options), async (fitting) => {
      await (call.hands.length > 0 ? fitTogether(call, fitting, call.hands) : toTheEnd(call, fitting, 'fit'));
      heldBack = fitting.held_back();
      return fitting.finish();
    });
    models.set(keepAs, model);
    const bytes = model.save();
    return { result: { info: model.describe(), bytes, heldBack }, transfer: [bytes.buffer] };
  },

  async load(call, { model }) {
    const { length } = model.bytes;
    call.progress('read', 0, length);
    const result = openModel(model).describe();
    call.progress('read', length, length);
    return { result };
  },

  async sample(call, wanted) {
    return using(await openWriter(call, wanted), async (writer) => {
      let parts = [];
      await call.inSlices(async () => {
        const bytes = await writer.next();
        if (!bytes) return false;
        parts.push(bytes);
        // A Blob lives outside the heap, and a Blob of Blobs copies nothing.
        if (parts.length === PARTS) parts = [new Blob(parts)];
        call.progress('sample', writer.rows(), wanted.numRows);
        return true;
      });
      return { result: new Blob(parts, { type: writer.type }) };
    });
  },

  /**
   * The next bytes of the sample `id`, of which so many pieces were `taken`; perhaps none, and null at its end. The one who asks
   * sets the pace, and other calls may come between. What a worker that was replaced has given is made again, and dropped.
   */
  async piece(call, { id, taken, ...wanted }) {
    if (!writers.has(id)) writers.set(id, { writer: await openWriter(call, wanted), made: 0 });
    const held = writers.get(id);
    let parts;
    try {
      do {
        parts = [];
        let size = 0;
        let steps = 0;
        const enough = wanted.conditions ? 1 : PIECE_BYTES; // what is found is given at once: the next step may be the last
        await call.inSlices(async () => {
          const bytes = await held.writer.next();
          if (!bytes) return false;
          parts.push(bytes);
          size += bytes.length;
          call.progress('sample', held.writer.rows(), wanted.numRows);
          return size < enough && ++steps < PIECE_STEPS;
        });
      } while (held.made++ < taken);
    } catch (error) {
      endSample(id);
      throw error;
    }
    if (parts.length === 0) {
      endSample(id);
      return { result: null };
    }
    const piece = joined(parts);
    return { result: piece, transfer: [piece.buffer] };
  },

  async endSample(call, { id }) {
    endSample(id);
    return {};
  },

  async croissant(call, { model, made, sample }) {
    return using(new wasm_bindgen.Checksum(), async (checksum) => {
      for (let at = 0; at < sample.size; at += PIECE_BYTES * PARTS) {
        const chunk = await bytesOf(sample.slice(at, at + PIECE_BYTES * PARTS));
        let done = 0;
        await call.inSlices(() => {
          checksum.push(chunk.subarray(done, (done += PIECE_BYTES)));
          call.progress('read', Math.min(at + done, sample.size), sample.size);
          return done < chunk.length;
        });
        call.check();
      }
      return { result: openModel(model).croissant(made, checksum) };
    });
  },

  async preview(call, { model, numRows, seed, draws }) {
    const result = openModel(model).preview(numRows, seed, draws);
    call.progress('sample', numRows, numRows);
    return { result };
  },

  /** `holdout`: rows that the generator never saw; null: those that the fit with these options held out. All are read as the input is, or as they say. */
  async report(call, { input, holdout, synthetic, options, asked, generations }) {
    const sizes = [input, holdout, synthetic].map((file) => file?.blob.size ?? 0);
    const total = sizes.reduce((sum, size) => sum + size);
    /** The progress of one file as that of all. */
    const after = (before) => ({ ...call, progress: (phase, done) => call.progress(phase, before + done, total) });
    const { source } = await openTable(after(0), input);
    const open = async ({ blob, reading }, before) => {
      const alike = { ...input.reading, header: source.has_header(), sheet: undefined, ...reading };
      return (await read(after(before), 'read', { blob, reading: alike })).source;
    };
    const begin = async (holdout) =>
      using(await open(synthetic, sizes[0] + sizes[1]), (synthetic) => [
        holdout ? source.report_beside(holdout, synthetic, options, asked) : source.report(synthetic, options, asked),
        generations && (holdout ? source.generations_beside(holdout, synthetic, options) : source.generations(synthetic, options)),
      ]);
    const [judging, guard] = await (holdout ? using(await open(holdout, sizes[0]), begin) : begin(null));
    return using(judging, async (judging) => {
      await toTheEnd(call, judging, 'report');
      if (guard) {
        await using(guard, async (guard) => {
          await toTheEnd(call, guard, 'generations');
          judging.add(guard);
        });
      }
      return { result: judging.finish() };
    });
  },

  /**
   * A first fit, on a made-up table. A browser compiles well only what has run for a while, and all workers of a page share
   * what is compiled: so what comes next is as fast as it gets.
   */
  async warmUp(call) {
    await using(await readText(call, 'read', new Blob([madeTable()]), {}), async (source) => {
      source.inspect();
      const model = await using(source.fit({}), async (fitting) => {
        await toTheEnd(call, fitting, 'fit');
        return fitting.finish();
      });
      await using(model, (model) => using(model.sampler(WARM_ROWS, '', 'spread', undefined, 0, 1), (sampler) => call.inSlices(() => sampler.next())));
    });
    return {};
  },

  async dispose(call, { id }) {
    models.get(id)?.free();
    models.delete(id);
    return {};
  },
};

/** Numbers, dates, levels and gaps, each column telling of others. */
function madeTable() {
  const line = (_, row) => {
    const at = (row * 7919) % 997;
    const day = new Date(Date.UTC(2020, 0, 1 + (at % 700))).toISOString().slice(0, 10);
    return [at, (at * at) % 89, (at / 7 + (row % 5)).toFixed(2), row % 11 ? (at % 13) * 2.5 : '', 'abcdefg'[at % 7], at % 3 ? 'yes' : 'no', `${'pqrs'[row % 4]}${at % 5}`, day].join();
  };
  return `a,b,c,d,e,f,g,h\n${Array.from({ length: WARM_ROWS }, line).join('\n')}\n`;
}

/** Steps through work that tells its share. */
function toTheEnd(call, work, phase) {
  return call.inSlices(() => {
    const share = work.step();
    call.progress(phase, share, 1);
    return share < 1;
  });
}

/** What writes a file of synthetic rows, some bytes at a time: rows of the model, and for Parquet the packer around them. */
async function openWriter(call, { model: reference, numRows, seed, draws, format, conditions }) {
  const model = openModel(reference);
  const wanted = [numRows, seed, draws, format];
  const open = (which, all) => (conditions ? model.conditioned(conditions, seed, draws, format) : model.sampler(...wanted, which, all));
  const shared = call.hands.splice(0); // the writer may outlive the call
  const sampler = shared.length > 0 ? new SharedSampler(open, model.save(), wanted, shared) : open(0, 1);
  const close = () => {
    free(sampler);
    dismiss(shared);
  };
  try {
    const types = sampler.types();
    let packer = types && new (await openFiles(call)).ParquetWriter(types);
    return {
      type: TYPES[sampler.layout()],
      /** Null at the end. */
      async next() {
        const bytes = await sampler.next();
        if (bytes) return packer ? packer.push(bytes) : bytes;
        const last = packer?.finish() ?? null;
        packer = null;
        return last;
      },
      rows: () => sampler.rows(),
      free: close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function endSample(id) {
  writers.get(id)?.writer.free();
  writers.delete(id);
}

function joined(parts) {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The parsed table of `input`: { key, blob, reading }, where an equal key means the same bytes read the same way. */
async function openTable(call, input) {
  if (table?.key !== input.key) {
    table?.source.free(); // before reading, so that two tables are never held at once
    table = null;
    table = { key: input.key, ...(await read(call, 'read', input)) };
  }
  return table;
}

/** `reading`: how, where the person says so; the rest is decided by evidence. Gives { source, facts }. */
async function read(call, phase, { blob, reading: { sheet, ...reading } }) {
  const container = wasm_bindgen.container(await bytesOf(blob.slice(0, HEAD_BYTES)));
  if (container) return readContainer(call, phase, container, blob, reading, sheet);
  if (sheet !== undefined) throw coded('bad-options', 'only an Excel workbook has sheets: leave out the option sheet');
  return { source: await readText(call, phase, blob, reading), facts: TEXT_FACTS };
}

function readText(call, phase, blob, reading) {
  const slice = (at) => (at < blob.size ? bytesOf(blob.slice(at, at + chunkBytes)) : null);
  return using(new wasm_bindgen.Reader(reading), async (reader) => {
    let coming = slice(0);
    for (let at = 0; at < blob.size; at += chunkBytes) {
      const chunk = await coming;
      coming = slice(at + chunkBytes); // the disk works while this one is parsed
      coming?.catch(() => {}); // told when it is awaited
      let done = 0;
      await call.inSlices(() => {
        reader.push(chunk.subarray(done, done + PIECE_BYTES));
        done = Math.min(done + PIECE_BYTES, chunk.length);
        call.progress(phase, at + done, blob.size);
        return done < chunk.length;
      });
      call.check();
    }
    return reader.finish();
  });
}

/** `container`: `excel` or `parquet`. The files module makes text of it, piece by piece. */
async function readContainer(call, phase, container, blob, reading, sheet) {
  if (blob.size > MAX_WHOLE_BYTES)
    throw coded('too-large', `an Excel or Parquet file of more than ${MAX_WHOLE_BYTES >> 20} MB cannot be read here: split it, or save the table as CSV, which may be larger`);
  if (sheet !== undefined && container !== 'excel') throw coded('bad-options', 'only an Excel workbook has sheets: leave out the option sheet');
  call.progress(phase, 0, blob.size);
  const bytes = await bytesOf(blob);
  const files = await openFiles(call);
  call.check();
  const origin = container === 'excel' ? 'sheet' : 'table';
  return using(new wasm_bindgen.Reader({ ...reading, origin }), (reader) => {
    let refused = null;
    const take = (text, share) => {
      try {
        reader.push(text);
      } catch (error) {
        throw (refused = error);
      }
      call.progress(phase, Math.round(share * blob.size), blob.size);
    };
    let facts;
    try {
      facts = container === 'excel' ? files.excel(bytes, sheet, take) : files.parquet(bytes, take);
    } catch (error) {
      if (refused) throw refused;
      if (typeof error.code === 'string') throw error;
      // A trap in one of the libraries that read such files: they are not made for every damage. This copy of the module
      // is not used again.
      throw coded('damaged', 'this file is damaged, or unpacks to more than fits into memory: write it again, or save the table as CSV');
    }
    return { source: reader.finish(container === 'parquet' ? facts.types : undefined), facts };
  });
}

/** A fresh copy of the files module: its memory goes with the last one. */
async function openFiles(call) {
  filesModule ??= new Promise((resolve) => {
    giveFiles = resolve;
    call.wantFiles();
  });
  const files = openStandinFiles();
  files.initSync({ module: await filesModule });
  return files;
}

const coded = (code, message) => Object.assign(new Error(message), { code });

async function bytesOf(blob) {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch {
    const bytes = await new Promise((resolve) => {
      slices.set(++lastSlice, resolve);
      self.postMessage({ wantsBytes: { slice: lastSlice, blob } });
    });
    if (bytes) return new Uint8Array(bytes);
    throw coded('unreadable', 'The file can no longer be read: it was moved, changed or closed. Choose it again.');
  }
}

/** A model by its reference { id, bytes? }; the bytes come along when this worker has not seen the model yet. */
function openModel({ id, bytes }) {
  if (!models.has(id)) models.set(id, wasm_bindgen.Model.load(bytes));
  return models.get(id);
}

/** Runs `work` on a wasm object and frees it when it was not consumed: wasm memory has no garbage collector. */
async function using(object, work) {
  try {
    return await work(object);
  } finally {
    free(object);
  }
}

function free(object) {
  try {
    if (object.__wbg_ptr !== 0) object.free();
  } catch {
    // After a trap the object counts as borrowed; the first error is the one to tell, and this worker is over.
  }
}

function newCall(id) {
  let posted = -Infinity;
  let lastPhase;
  const call = {
    check() {
      if (stopping === id) throw coded('cancelled', 'The work was cancelled.');
    },
    progress(phase, done, total) {
      const now = performance.now();
      if (phase === lastPhase && done < total && now - posted < PROGRESS_MS) return;
      lastPhase = phase;
      posted = now;
      self.postMessage({ id, progress: { phase, done, total } });
    },
    wantFiles() {
      self.postMessage({ id, wantsFiles: true });
    },
    inSlices: (step) => inSlices(step, call.check),
  };
  return call;
}

/** Errors with a code are the core's answers; anything else is a trap or lack of memory, after which wasm is not used again. */
function describe(error) {
  const { code, message, row = null, column = null, mismatches = [] } = error;
  if (typeof code === 'string') return { code, message, row, column, mismatches };
  return { code: 'worker-died', message: `${error.name ?? 'Error'}: ${message ?? error}` };
}
