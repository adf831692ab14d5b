/** The library without its WebAssembly, which the caller gives: for pages that serve it as a file of its own. */

import { workerSource } from 'standin-assets';
import { Client } from './client.js';
import { Engine } from './engine.js';
import { compileCore, compileFiles } from './modules.js';
import { startWorker } from './threads.js';

export { StandinError } from './errors.js';
export { randomSeed } from './seed.js';
export { workerSource };

const CHUNK_BYTES = 4 << 20;

export async function createEngine({ wasm, filesWasm, worker = () => startWorker(workerSource), maxMemoryMB, chunkBytes = CHUNK_BYTES } = {}) {
  const module = await compileCore(wasm);
  const start = () => {
    const started = worker();
    started.postMessage({ start: module, chunkBytes });
    return started;
  };
  let files = null;
  const openFiles = () => {
    files ??= compileFiles(filesWasm);
    files.catch(() => (files = null)); // the next file tries again
    return files;
  };
  return new Engine(new Client(start, openFiles), { maxMemoryMB });
}
