/** What a model tells of itself. */

import type { Method, Preset, Quality } from './api.js';
import type { Sdtype } from './inspection.js';

/**
 * How much of single rows a fit remembers, tried on halves of the rows of which it saw one: a little more than of the whole.
 * All three figures are one half where nothing is remembered.
 */
export interface Memory {
  /** Synthetic rows that lie nearest to a real row that was seen. */
  dcrShare: number;
  /** AUC of an attack that takes real rows for seen ones the nearer a synthetic row lies. */
  membership: number;
  /** The same among the twentieth of the real rows that lie farthest from others. */
  outliers: number;
  /** Standard errors of the three. */
  errors: [number, number, number];
  /** What the preset allows beyond one half, give or take a standard error; null: anything. */
  allowed: number | null;
  /** Rounds of boosting kept for each one up to the best held-out loss, and how often some were taken back. */
  sharpness: number;
  steps: number;
  /** Whether all three are as the preset allows. */
  met: boolean;
}

/** What a model does not hold of a column, in counts. */
export interface HeldBack {
  /** Different values that too few rows, or persons, share; of numbers none are counted, as they are drawn anew. */
  values: number;
  /** Rows that had them. */
  rows: number;
  /** They are written as `_RARE_`; else commoner values stand in their place. */
  pooled: boolean;
  /** The lowest numbers, and the highest, are drawn from a fitted law. */
  lowTail: boolean;
  highTail: boolean;
}

/** The values that too few share, for the owner's eyes: they are real ones. */
export interface RareValues {
  column: string;
  /** Of all of them, and the rows that had them. */
  count: number;
  rows: number;
  pooled: boolean;
  /** The commonest 50. */
  values: string[];
}

/** What was learned, from how much, and how. */
export interface ModelInfo {
  method: Method;
  preset: Preset;
  quality: Quality;
  /** Rows it was learned from; those held out do not count. */
  rows: number;
  /** Null where it was not tried: previews, `independent`, fewer than 200 rows, more than 20,000. */
  memory: Memory | null;
  columns: { name: string; sdtype: Sdtype; heldBack: HeldBack }[];
  /** As it was asked for. */
  minSupport: number;
  /** The column that told whose a row is: the `sequence_key` of the metadata, or the one identifier that repeats. */
  entity: string | null;
  version: string;
  seed: string;
  /** What the model tells to whoever reads it, counted in the model itself. */
  discloses: Discloses;
  /** Size of the saved model. */
  bytes: number;
}

/** What a saved model tells, in counts. */
export interface Discloses {
  /** Names of columns. */
  columns: number;
  /** Of these, columns whose values are made up and not stored. */
  madeUp: number;
  /** Values stored as text. */
  levels: number;
  /** Numbers and dates stored as they were, since many rows share them. */
  numbers: number;
  /** Stretches between neighbouring numbers. */
  spans: number;
  /** Laws fitted to the lowest or highest numbers, in place of these. */
  tails: number;
  /** Counts of rows that have values, or groups of them, of two columns together, to the nearest multiple of minSupport. */
  pairs: number;
  /** Of all that is stored, the fewest training rows behind one thing. */
  fewestRows: number;
  /** Rows, or persons, that the fit asked for behind each. */
  minSupport: number;
  /** Values of text that too few share, which are not in the model. */
  heldBack: number;
}
