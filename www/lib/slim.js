/** The library without its WebAssembly, which the caller gives: for pages that serve it as a file of its own. */

import { workerSource } from 'standin-assets';
import { Client } from './client.js';
import { Engine } from './engine.js';
import { StandinError } from './errors.js';
import { compileCore, compileFiles } from './modules.js';
import { cores, startWorker } from './threads.js';

export { randomSeed } from './seed.js';
export { StandinError, workerSource };

const CHUNK_BYTES = 4 << 20;
const MAX_WORKERS = 64;

/** One a core, but few: each holds the coded table while it helps to learn. */
const ownWorkers = () => Math.min(cores(), 4);

export async function createEngine({ wasm, filesWasm, worker = () => startWorker(workerSource), workers = ownWorkers(), maxMemoryMB, chunkBytes = CHUNK_BYTES } = {}) {
  if (!Number.isInteger(workers) || workers < 1 || workers > MAX_WORKERS) throw new StandinError('bad-options', `\`workers\` is a whole number from 1 to ${MAX_WORKERS}.`);
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
  return new Engine(new Client(start, openFiles, workers), { maxMemoryMB });
}
