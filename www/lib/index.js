/**
 * Standin for other pages and for Node: fit a model on a table and sample synthetic rows, in a worker, with no network.
 *
 *   const engine = await createEngine();
 *   const model = await engine.fit(file, { seed: '7' });
 *   const csv = await model.sample({ numRows: 1000 }).toBlob();
 *
 * This entry brings the WebAssembly along; slim.js is all the rest. The types, with units and defaults, are in index.d.ts.
 * Importing this module has no side effects.
 */

import { wasmGzipBase64 } from 'standin-assets';
import { createEngine as createSlimEngine } from './slim.js';

export { StandinError, randomSeed, workerSource } from './slim.js';

export function createEngine({ wasm = () => unpack(wasmGzipBase64), filesWasm = ownFilesWasm, ...options } = {}) {
  return createSlimEngine({ ...options, wasm, filesWasm });
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
