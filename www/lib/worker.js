/*
 * The worker's half of the library: a classic script that runs after wasm-bindgen's no-modules glue, which defines the
 * global `wasm_bindgen`. It answers one call at a time (the client queues them):
 *
 *   in   { start: WebAssembly.Module, chunkBytes }     once, first
 *        { id, method, params }                        a call
 *        { cancel: id }                                stop that call as soon as possible
 *   out  { id, progress: { phase, done, total } }
 *        { id, result }  or  { id, error: { code, message, row, column, mismatches } }
 *
 * Long work runs in slices of at most SLICE_MS with a turn of the event loop between them, so that a cancel is seen.
 * It keeps the parsed table of the last input, and the models, until told otherwise.
 */
const SLICE_MS = 25;
const PROGRESS_MS = 60;
const PIECE_BYTES = 256 << 10; // parsed in a few milliseconds; reading a file in pieces this small would be slow
const PARTS = 256; // pieces of a sample that are joined into a Blob

/** The MIME type of a sample, by its layout. */
const TYPES = { delimited: 'text/csv', json: 'application/json', 'json-lines': 'application/x-ndjson' };

let ready;
let chunkBytes;
let table = null; // { key, source }: the last input, parsed
const models = new Map();
let stopping = null; // id of the call that was asked to stop

self.onmessage = ({ data }) => {
  if (data.start) {
    chunkBytes = data.chunkBytes;
    ready = wasm_bindgen({ module_or_path: data.start });
    ready.catch(() => {}); // answered by the first call
  } else if ('cancel' in data) {
    stopping = data.cancel;
  } else {
    answer(data);
  }
};

async function answer({ id, method, params }) {
  try {
    await ready;
    const { result, transfer = [] } = await methods[method](newCall(id), params);
    self.postMessage({ id, result }, transfer);
  } catch (error) {
    self.postMessage({ id, error: describe(error) });
  }
}

const methods = {
  async inspect(call, { input, metadata }) {
    const source = await openTable(call, input);
    return { result: source.inspect(metadata) };
  },

  async fit(call, { input, options, keepAs }) {
    const source = await openTable(call, input);
    const model = await using(source.fit(options), async (fitting) => {
      await call.inSlices(() => {
        const share = fitting.step();
        call.progress('fit', share, 1);
        return share < 1;
      });
      return fitting.finish();
    });
    models.set(keepAs, model);
    const bytes = model.save();
    return { result: { info: model.describe(), bytes }, transfer: [bytes.buffer] };
  },

  async load(call, { model }) {
    return { result: openModel(model).describe() };
  },

  async sample(call, { model, numRows, seed, format }) {
    let parts = [];
    let type;
    await using(openModel(model).sampler(numRows, seed, format), (sampler) => {
      type = TYPES[sampler.layout()];
      return call.inSlices(() => {
        const bytes = sampler.next();
        if (!bytes) return false;
        parts.push(bytes);
        // A Blob lives outside the heap, and a Blob of Blobs copies nothing.
        if (parts.length === PARTS) parts = [new Blob(parts)];
        call.progress('sample', sampler.rows(), numRows);
        return true;
      });
    });
    return { result: new Blob(parts, { type }) };
  },

  async preview(call, { model, numRows, seed }) {
    return { result: openModel(model).preview(numRows, seed) };
  },

  async report(call, { input, synthetic, options }) {
    const source = await openTable(call, input);
    const alike = { ...input.reading, skipBadRows: false, header: source.has_header(), keepFooter: true };
    return using(await read(call, 'report', { ...synthetic, reading: alike }), (other) => ({ result: source.report(other, options) }));
  },

  async dispose(call, { id }) {
    models.get(id)?.free();
    models.delete(id);
    return {};
  },
};

/** The parsed table of `input`: { key, blob, reading }, where an equal key means the same bytes read the same way. */
async function openTable(call, input) {
  if (table?.key !== input.key) {
    table?.source.free(); // before reading, so that two tables are never held at once
    table = null;
    table = { key: input.key, source: await read(call, 'read', input) };
  }
  return table.source;
}

/** `reading`: how, where the person says so; the rest is decided by evidence. */
function read(call, phase, { blob, reading }) {
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

async function bytesOf(slice) {
  try {
    return new Uint8Array(await slice.arrayBuffer());
  } catch {
    throw Object.assign(new Error('The file can no longer be read: it was moved, changed or closed. Choose it again.'), { code: 'unreadable' });
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
    try {
      if (object.__wbg_ptr !== 0) object.free();
    } catch {
      // After a trap the object counts as borrowed; the first error is the one to tell, and this worker is over.
    }
  }
}

function newCall(id) {
  let posted = -Infinity;
  let lastPhase;
  const call = {
    check() {
      if (stopping === id) throw Object.assign(new Error('The work was cancelled.'), { code: 'cancelled' });
    },
    progress(phase, done, total) {
      const now = performance.now();
      if (phase === lastPhase && done < total && now - posted < PROGRESS_MS) return;
      lastPhase = phase;
      posted = now;
      self.postMessage({ id, progress: { phase, done, total } });
    },
    /** Calls `step` until it returns false, in slices. */
    async inSlices(step) {
      let until = performance.now() + SLICE_MS;
      while (step()) {
        if (performance.now() < until) continue;
        await nextTurn();
        call.check();
        until = performance.now() + SLICE_MS;
      }
    },
  };
  return call;
}

// setTimeout would wait 4 ms each time; a message to ourselves comes at once, after any cancel that is already waiting.
const channel = new MessageChannel();
let resume;
channel.port1.onmessage = () => resume();
function nextTurn() {
  return new Promise((resolve) => {
    resume = resolve;
    channel.port2.postMessage(null);
  });
}

/** Errors with a code are the core's answers; anything else is a trap or lack of memory, after which wasm is not used again. */
function describe(error) {
  const { code, message, row = null, column = null, mismatches = [] } = error;
  if (typeof code === 'string') return { code, message, row, column, mismatches };
  return { code: 'worker-died', message: `${error.name ?? 'Error'}: ${message ?? error}` };
}
