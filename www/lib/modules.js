/** WebAssembly modules out of what a caller has: an address, a response, bytes, a compiled module, or what gives one of these. */

import { StandinError } from './errors.js';

/** What tells the two modules from each other and from all else: a function that each exports. */
const MARKS = { core: 'sampler_next', files: 'parquetwriter_push' };

export async function compileCore(wasm) {
  if ((wasm ?? null) === null) throw noModule('Give `wasm` to this entry: the address of standin.wasm, a Response, bytes or a WebAssembly.Module. The entry `standin` brings its own.');
  return compile(wasm, 'core', '`wasm` did not give the module standin.wasm of this package');
}

export async function compileFiles(wasm) {
  const lacking = 'The part that reads and writes Excel and Parquet files is not there: save the table as CSV';
  if ((wasm ?? null) === null) throw noModule(`${lacking}, or give \`filesWasm\`.`);
  return compile(wasm, 'files', lacking);
}

async function compile(given, name, complaint) {
  let module;
  try {
    module = await open(await (typeof given === 'function' ? given() : given));
  } catch (error) {
    throw noModule(`${complaint} (${error.message}).`, error);
  }
  if (!WebAssembly.Module.exports(module).some((known) => known.name === MARKS[name])) throw noModule(`${complaint} (it is another one).`);
  return module;
}

async function open(wasm) {
  if (wasm instanceof WebAssembly.Module) return wasm;
  if (typeof wasm === 'string' || wasm instanceof URL) return fromAddress(wasm);
  if (wasm instanceof Response) return fromResponse(wasm);
  if (wasm instanceof ArrayBuffer || ArrayBuffer.isView(wasm)) return WebAssembly.compile(wasm);
  throw new TypeError('give an address, a Response, bytes or a WebAssembly.Module');
}

async function fromAddress(address) {
  if (!String(address).startsWith('file:')) return fromResponse(await fetch(address));
  const builtin = globalThis.process?.getBuiltinModule; // Node's fetch does not read files, and no bundler sees this
  if (!builtin) throw new TypeError('a page cannot fetch from disk');
  return WebAssembly.compile(await builtin('node:fs/promises').readFile(builtin('node:url').fileURLToPath(address)));
}

async function fromResponse(response) {
  if (!response.ok) throw new TypeError(`the server answered ${response.status}`);
  // Compiled while it comes, and kept by the browser for the next visit; but only where the server names the type.
  if (response.headers.get('content-type') === 'application/wasm') return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

const noModule = (message, cause) => new StandinError('no-module', message, { cause });
