/**
 * The entry `standin/slim`, which is given its WebAssembly.
 * @module standin/slim
 */

import type { CommonEngineOptions, Engine, WasmSource } from './api.js';

export * from './api.js';

/** How the engine works, and where its WebAssembly is. */
export interface EngineOptions extends CommonEngineOptions {
  /** `standin/standin.wasm`. */
  wasm: WasmSource;
  /** `standin/files.wasm`, which reads and writes Excel and Parquet, or what gives it: called when the first such file comes in. */
  filesWasm?: WasmSource;
}

/** Rejects with code 'no-module' where `wasm` is missing or is something else. */
export function createEngine(options: EngineOptions): Promise<Engine>;
