/**
 * What every entry gives: an engine, its models, their samples. Kept by hand beside the code. Times are in milliseconds, sizes in
 * bytes.
 */

/// <reference lib="esnext.disposable" />

import type { ModelInfo, RareValues } from './info.js';
import type { Encoding, Inspection, Metadata } from './inspection.js';
import type { Croissant, CroissantOptions, JudgeOptions, ReportOptions, ShownReport } from './report.js';

export * from './info.js';
export * from './inspection.js';
export * from './report.js';

/** Tables in, models out. Its calls are answered one after the other, in a worker. */
export interface Engine {
  /** What the columns are. Cheap to call again with edited metadata. */
  inspect(input: Input, options?: TableOptions): Promise<Inspection>;
  /** Learns how the columns behave together. */
  fit(input: Input, options?: FitOptions): Promise<Model>;
  /** Takes back what `model.save()` gave. */
  load(saved: Input, options?: CallOptions): Promise<Model>;
  /** Judges the output of any tool: `synthetic` beside the table that it was made from and, where there are such, rows that the tool never saw. */
  report(tables: { train: Input; holdout?: Input | null; synthetic: Input }, options?: JudgeOptions): Promise<ShownReport>;
  /**
   * Has the browser compile the engine well, by a fit of a made-up table: what follows, up to tables of some ten thousand rows, takes a
   * fifth to a quarter less time. For a page that knows that a table will come: when it opens, or when a person reaches for the file. About a
   * second of one core; any other call ends it. Never rejects.
   */
  warmUp(): Promise<void>;
  /** Ends the workers and gives their memory back; calls in flight reject with code 'cancelled'. */
  terminate(): void;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What was learned of a table, from which rows are made. */
export interface Model {
  readonly info: ModelInfo;
  /** The values that were held back, by column; null for a loaded model, which does not know them. */
  readonly heldBack: RareValues[] | null;
  /** SDV metadata of its columns, as far as the model knows them: for a synthetic file, or the next table like it. */
  readonly metadata: Metadata;
  /** Synthetic rows, written as the table was: delimiter, quotes, line ends, encoding, header; keys and types in JSON; types in Parquet. Nothing is made until it is taken. */
  sample(options?: SampleOptions): Sample;
  /**
   * Rows that fit the conditions, one condition after the other; not a beginning of `sample`. Drawn as ever, and those that fit
   * are kept: so each is as likely as the model makes it given the condition, and the rarer they are the longer it takes. Fails with
   * 'too-rare' where of a million rows that were drawn too few fit; a stream or a loop has given those until then.
   */
  sampleFromConditions(conditions: Condition | Condition[], options?: Omit<SampleOptions, 'numRows'>): Sample;
  /** The first rows of the sample with this seed and these draws, as text. Default 10 rows. */
  preview(options?: { numRows?: number; seed?: Seed; draws?: Draws } & CallOptions): Promise<{ columns: string[]; rows: string[][] }>;
  /** Judges a synthetic table against the table this model was fitted on. Not for loaded models. */
  report(synthetic: Input, options?: ReportOptions): Promise<ShownReport>;
  /** A description that travels with a synthetic file and marks it as synthetic. */
  croissant(synthetic: Input, options?: CroissantOptions): Promise<Croissant>;
  /** The model file, for `engine.load`. It holds no row of the table. */
  save(): Uint8Array<ArrayBuffer>;
  /** Frees the worker's copy. The model is not usable afterwards. */
  dispose(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A synthetic file that can be taken once, in one of four ways. As pieces or as a stream it is made at the pace of whoever takes
 * it, at most two pieces of about 256 KiB ahead; breaking off stops the work.
 */
export interface Sample extends AsyncIterable<Uint8Array<ArrayBuffer>> {
  /** Pieces of the file, one after the other; leaving the loop stops the work. */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>;
  /** The same as a stream; cancelling it stops the work. */
  toStream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** The whole file, with its `type`. */
  toBlob(options?: { signal?: AbortSignal }): Promise<Blob>;
  /** The whole file, where it is UTF-8; else code 'not-utf8'. */
  text(): Promise<string>;
}

/** A compiled module, or what it can be made from. A string or URL is fetched. */
export type Wasm = WebAssembly.Module | BufferSource | Response | URL | string;
/** A module, or a promise or function that gives it. */
export type WasmSource = Wasm | Promise<Wasm> | (() => Wasm | Promise<Wasm>);

/** What the engines of all entries take. */
export interface CommonEngineOptions {
  /** Makes the worker, for pages whose policy forbids blob workers: a classic worker that runs `workerSource`. Default: such a worker from a blob; in Node a thread. */
  worker?: () => Worker;
  /** How many may share a fit or a sample, 1 to 64; the bytes are the same. Default: one a core, 4 at most. More than one are started when there is such work, and ended after ten seconds without. */
  workers?: number;
  /** The default of the option of this name in each call. */
  maxMemoryMB?: number;
  /** Bytes read at a time. Default 4 MiB. The result does not depend on it. */
  chunkBytes?: number;
}

/** The script of the worker, to be served as a file where blob workers are forbidden. */
export const workerSource: string;

/** A random seed of 53 bits, as decimal digits. */
export function randomSeed(): string;

/**
 * The table: CSV, TSV or similar text, JSON lines or a JSON list of objects, in UTF-8, UTF-16 or windows-1252; an Excel workbook
 * (.xlsx) or a Parquet file, up to 512 MiB. Which, its first 64 KiB tell. The same object given again is not parsed again: so a
 * stream, a Response or a Sample, which can be read only once, may be inspected and then fitted, or be given to two calls at once. A
 * stream is of bytes.
 */
export type Input = Blob | ReadableStream<BufferSource> | Response | ArrayBuffer | Uint8Array | string | Sample;

/** Any text. A number is taken where it is a whole one below 2^53, and a bigint; both stand for their decimal digits. */
export type Seed = string | number | bigint;

/** trees: column after column, each given the earlier ones, by boosted trees; independent: every column by itself. */
export type Method = 'trees' | 'independent';

/** faithful: hardest to tell from real rows; cautious: remembers single rows least. */
export type Preset = 'faithful' | 'balanced' | 'cautious';

/** preview: a first impression, learned from 500 to 2,000 random rows, the fewer the more columns there are; the rest is as in full. */
export type Quality = 'preview' | 'full';

/**
 * spread: rows that are alike share their luck, and of tables of up to 50,000 rows pairs of columns come together as often as in
 * the table, so counts stray less than chance would have it; independent: each row draws for itself, as in a random sample. Rows
 * of a model by 'independent' are independent either way.
 */
export type Draws = 'spread' | 'independent';

/** How far a call is. */
export interface Progress {
  /** 'receive': a stream is coming in, or in Node a file from the disk. */
  phase: 'receive' | 'read' | 'fit' | 'sample' | 'report' | 'generations';
  /** Bytes for 'receive' and 'read', rows for 'sample', a share of 1 for the others. */
  done: number;
  /** 0 where nobody knows how long a stream is. */
  total: number;
  /** Estimated time left in this phase, in ms; null while unknown. */
  etaMs: number | null;
}

/** What each call takes that may last. */
export interface CallOptions {
  /** Aborting stops the work itself and rejects with code 'cancelled' within 200 ms. */
  signal?: AbortSignal;
  /** Called about every 60 ms. */
  onProgress?: (progress: Progress) => void;
}

/** How a table is to be read, where its owner says so. */
export interface ReadOptions extends CallOptions {
  /** Leave out rows whose number of cells differs from the header's, that are no text or have no end, instead of failing. Default false. */
  skipBadRows?: boolean;
  /** Keep as rows what looks like totals, sources and notes below the table. Default false. */
  keepFooter?: boolean;
  /** Whether the first line names the columns. Told by the lines below it when absent. */
  header?: boolean;
  /** One to eight characters; ", " for a comma and any spaces, "  " for two spaces or more. Told by evidence when absent. */
  delimiter?: string;
  /** Told by evidence when absent. */
  encoding?: Encoding;
  /** The sheet of a workbook. Default: the first visible one that holds anything. */
  sheet?: string;
  /** Memory that the rows may take, here and in a fit, in MB of 2^20 bytes. Default: the engine's own, else 1024. Of a larger table a uniform random sample is used, the same each time; the Inspection says so. */
  maxMemoryMB?: number;
  /** Rows that are used at most, as such a sample. Default 1,000,000. */
  maxRows?: number;
}

export interface TableOptions extends ReadOptions {
  /** The edited `metadata` of an Inspection, or SDV metadata V1. Inferred when absent. */
  metadata?: Metadata;
}

export interface FitOptions extends TableOptions {
  /** Default 'trees'. */
  method?: Method;
  /** How near the real rows a model keeps: what is gained in likeness is paid in memory of single rows. Default 'balanced'. */
  preset?: Preset;
  /** Default 'full'. A preview of a table of 25,000 rows and 15 columns takes less than a second. */
  quality?: Quality;
  /** Any text; the same bytes, options and seed give the same model. Default: random, told by `model.info.seed`. */
  seed?: Seed;
  /**
   * Share of the rows kept out of the fit for `report`, 0 to 0.5; 'auto' is a fifth, and 100 rows at least, or none where that
   * is more than half. Rows of one person stay together, and of rows in the order of time whole stretches are held out. Default 0.
   */
  holdout?: number | 'auto';
  /**
   * How many rows must share a value for it to be written, 2 to 1000; persons, where a column tells whose a row is. Rarer
   * ones are replaced by commoner ones, or, where they are most of a column, written as `_RARE_`. Default 5.
   */
  minSupport?: number;
}

/** How many rows, which, and how they are written. */
export interface SampleOptions extends CallOptions {
  /** Default: as many rows as the model was fitted on. */
  numRows?: number;
  /** Default: the model's own seed. A shorter sample is the beginning of a longer one. */
  seed?: Seed;
  /** How the rows hang together. Default 'spread'. */
  draws?: Draws;
  /**
   * `json` is one list of objects, `jsonl` an object a line; `parquet` is for models of Parquet files, whose types it has.
   * Default: as the table was, and `csv` for a workbook. The `type` of the Blob says which.
   */
  format?: 'csv' | 'json' | 'jsonl' | 'parquet';
}

/** How many rows are wanted, and what they must be. */
export interface Condition {
  /** A whole number from 1. */
  numRows: number;
  /** By the column's name, what it must be; of a list any. All of them must hold. Not for columns whose values are made up. */
  where?: Record<string, Wanted | Wanted[]>;
}

/**
 * What a column must be. Categories as they are written in the table, or a number that they stand for; true and false where they
 * answer yes and no, in whatever words; plain numbers, without unit and thousands; dates as the table writes them, or
 * '2024-12-31', '2024-12-31T23:59'; null where there is no value. A range is for numbers and dates; a day without a time is its midnight.
 */
export type Wanted = string | number | bigint | boolean | null | WantedRange;

/** Both ends belong to it; either may be left out. */
export interface WantedRange {
  min?: string | number | bigint;
  max?: string | number | bigint;
}

/** What went wrong, for programs. */
export type ErrorCode =
  | 'empty-file' | 'no-rows' | 'too-few-rows' | 'too-many-columns' | 'not-text' | 'not-utf8' | 'ragged-rows'
  | 'all-missing' | 'bad-metadata' | 'bad-options' | 'bad-model' | 'mismatch' | 'too-large'
  | 'damaged' // JSON that breaks off, or has something else where an object should be; an Excel or Parquet file that cannot be read
  | 'too-rare' // too few rows fit the conditions of a sample
  | 'no-module' // `wasm` is missing, or is not the module of this version; or an Excel or Parquet file came in, and `filesWasm` could not be had
  | 'no-worker' // neither a browser's workers are here nor Node's threads
  | 'unreadable' // the file was moved or changed after it was chosen, or the stream broke off or had been begun
  | 'cancelled' // the signal was aborted; `name` is 'AbortError'
  | 'worker-died' // a trap or lack of memory; the next call starts a new worker
  | 'consumed' // a Sample was taken a second time
  | 'disposed' // a call of a model after model.dispose()
  | 'terminated'; // a call after engine.terminate()

/** The one error of the library. Neither its message nor anything else in it quotes a cell. */
export class StandinError extends Error {
  readonly code: ErrorCode;
  /** 1-based row of the file, the header being row 1. */
  readonly row: number | null;
  readonly column: string | null;
  /** The single errors that a 'mismatch' or 'bad-metadata' of several sums up; else empty. */
  readonly mismatches: { code: ErrorCode; message: string; row: number | null; column: string | null }[];
}
