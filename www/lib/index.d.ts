/**
 * The entry `standin`, which brings its WebAssembly along.
 * @module standin
 */

import type { CommonEngineOptions, Engine, WasmSource } from './api.js';

export * from './api.js';

/** How the engine works; nothing is needed. */
export interface EngineOptions extends CommonEngineOptions {
  /** The WebAssembly, when it is not to be the inlined one. */
  wasm?: WasmSource;
  /**
   * The WebAssembly that reads and writes Excel and Parquet, or what gives it: called when the first such file comes in.
   * Default: what `files.js`, beside index.js and imported then, holds inlined.
   */
  filesWasm?: WasmSource;
}

/** Without options nothing is ever fetched. */
export function createEngine(options?: EngineOptions): Promise<Engine>;
