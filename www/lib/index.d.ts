/** Types of the Standin library, kept by hand beside index.js. Times are in milliseconds, sizes in bytes. */

/** The table: CSV, TSV or similar text, JSON lines or a JSON list of objects, in UTF-8, UTF-16 or windows-1252; an Excel workbook (.xlsx) or a Parquet file, up to 512 MiB. Which, its first 64 KiB tell. The same object given again is not parsed again. */
export type Input = Blob | ArrayBuffer | Uint8Array | string;

export type Method = 'trees' | 'independent';

/** faithful: hardest to tell from real rows; cautious: remembers single rows least. */
export type Preset = 'faithful' | 'balanced' | 'cautious';

/** preview: a first impression, learned from 500 to 2,000 random rows, the fewer the more columns there are; the rest is as in full. */
export type Quality = 'preview' | 'full';

/**
 * spread: rows that are alike share their luck, so counts stray less than chance would have it; independent: each row draws
 * for itself, as in a random sample. Rows of a model by 'independent' are independent either way.
 */
export type Draws = 'spread' | 'independent';

/** 'ordinal': categories with an order of their own. 'text': free text, written as placeholder words. */
export type Sdtype = 'numerical' | 'categorical' | 'ordinal' | 'boolean' | 'datetime' | 'id' | 'text' | PersonalSdtype;
/** What tells of persons: filled with made-up values, never with the table's. */
export type PersonalSdtype =
  | 'name' | 'first_name' | 'last_name' | 'email' | 'phone_number' | 'address' | 'city' | 'postcode' | 'iban'
  | 'credit_card_number' | 'ssn' | 'ipv4_address' | 'ipv6_address' | 'mac_address' | 'url' | 'user_name' | 'license_plate';
export type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'windows-1252';
export type Role = 'feature' | 'key' | 'personal' | 'constant' | 'empty';

export type ErrorCode =
  | 'empty-file' | 'no-rows' | 'too-few-rows' | 'no-columns' | 'too-many-columns' | 'not-text' | 'not-utf8' | 'ragged-rows'
  | 'all-missing' | 'bad-metadata' | 'bad-options' | 'bad-model' | 'mismatch' | 'too-large'
  | 'damaged' // JSON that breaks off, or has something else where an object should be; an Excel or Parquet file that cannot be read
  | 'no-module' // an Excel or Parquet file came in, and `filesWasm` could not be had
  | 'unreadable' // the file was moved or changed after it was chosen
  | 'cancelled' // the signal was aborted; `name` is 'AbortError'
  | 'worker-died' // a trap or lack of memory; the next call starts a new worker
  | 'terminated'; // a call after engine.terminate()

export class StandinError extends Error {
  readonly code: ErrorCode;
  /** 1-based row of the file, the header being row 1. */
  readonly row: number | null;
  readonly column: string | null;
  /** The single errors that a 'mismatch' or 'bad-metadata' of several sums up; else empty. */
  readonly mismatches: { code: ErrorCode; message: string; row: number | null; column: string | null }[];
}

export interface Progress {
  phase: 'read' | 'fit' | 'sample' | 'report' | 'generations';
  /** Bytes for 'read' and 'report', rows for 'sample', a share of 1 for 'fit'. */
  done: number;
  total: number;
  /** Estimated time left in this phase, in ms; null while unknown. */
  etaMs: number | null;
}

export interface CallOptions {
  /** Aborting stops the work itself and rejects with code 'cancelled' within 200 ms. */
  signal?: AbortSignal;
  /** Called about every 60 ms. */
  onProgress?: (progress: Progress) => void;
}

export interface TableOptions extends CallOptions {
  /** The edited `metadata` of an Inspection, or SDV metadata V1. Inferred when absent. */
  metadata?: Metadata;
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
  /** Memory that the rows may take, here and in a fit, in MB of 2^20 bytes. Default 1024. Of a larger table a uniform random sample is used, the same each time; the Inspection says so. */
  maxMemoryMB?: number;
  /** Rows that are used at most, as such a sample. Default 1,000,000. */
  maxRows?: number;
}

export interface FitOptions extends TableOptions {
  /** Default 'trees'. */
  method?: Method;
  /** How near the real rows a model keeps: what is gained in likeness is paid in memory of single rows. Default 'balanced'. */
  preset?: Preset;
  /** Default 'full'. A preview of a table of 25,000 rows and 15 columns takes less than a second. */
  quality?: Quality;
  /** Any text; the same bytes, options and seed give the same model. Default: random, told by `model.info.seed`. */
  seed?: string;
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

export interface SampleOptions extends CallOptions {
  /** Default: as many rows as the model was fitted on. */
  numRows?: number;
  /** Default: the model's own seed. A shorter sample is the beginning of a longer one. */
  seed?: string;
  /** How the rows hang together. Default 'spread'. */
  draws?: Draws;
  /**
   * `json` is one list of objects, `jsonl` an object a line; `parquet` is for models of Parquet files, whose types it has.
   * Default: as the table was, and `csv` for a workbook. The Blob's `type` says which.
   */
  format?: 'csv' | 'json' | 'jsonl' | 'parquet';
}

/**
 * SDV metadata, with Standin's own settings under `standin`. Change `sdtype`, add names to `leave_out`, pass it back. V1 is
 * given; V2 and the flat form of one table are taken too. Of several tables `standin.table` is meant, else the one that fits.
 */
export interface Metadata {
  METADATA_SPEC_VERSION: 'V1';
  tables: Record<string, { primary_key?: string; columns: Record<string, { sdtype: Sdtype; [setting: string]: unknown }> }>;
  relationships?: unknown[];
  standin?: {
    leave_out: string[];
    table?: string;
    /**
     * By column: all texts that count as missing besides blanks; the levels of an ordinal column, the least first;
     * whether a file may lack the column; and whether rows are left out whose cell is no number, or no date, in a column
     * that is said to be of these.
     */
    columns?: Record<string, { missing?: string[]; order?: string[]; optional?: boolean; leave_out_unfit?: boolean }>;
    [setting: string]: unknown;
  };
}

export interface Distribution {
  /** For 'histogram' the edges of the bins, one more than `counts`; for 'bars' the values. */
  labels: string[];
  counts: number[];
  /** Rows whose value is in none of the bars. */
  other: number;
  kind: 'histogram' | 'bars' | 'none';
}

export interface MissingProposal {
  token: string;
  rows: number;
  reason: string;
  /** It counts as missing now. */
  accepted: boolean;
  /** The kind of the column once this is turned about. */
  sdtype: Sdtype;
}

/** That a column is numbers or dates but for a few rows. To leave these out: `leave_out_unfit` under `standin.columns`, and this `sdtype`. */
export interface Nearly {
  sdtype: 'numerical' | 'datetime';
  /** The kind of the column with these rows. */
  otherwise: Sdtype;
  rows: number;
  /** Those of the first few. */
  lines: number[];
  /** They are left out now. */
  accepted: boolean;
}

export interface InspectedColumn {
  name: string;
  sdtype: Sdtype;
  role: Role;
  /** The kinds this column can be changed to. */
  choices: Sdtype[];
  included: boolean;
  /** Share of the rows with no value, 0 to 1. */
  missing: number;
  /** Number of different values. */
  distinct: number;
  /** A short phrase, such as "whole numbers from 17 to 90". */
  note: string;
  /** How sure the kind is, 0 to 1: the chance that the next value fits, lowered by other kinds that fit as well. */
  confidence: number;
  /** Why, in a sentence without capital and stop. */
  evidence: string;
  /** What counts as missing, or might: to turn one about, list the tokens under `standin.columns` and set `sdtype`. */
  proposals: MissingProposal[];
  nearly: Nearly | null;
  distribution: Distribution;
  /** That the column tells of persons, and what shows it; its values are made up, or learned. Null where it does not. */
  personal: { madeUp: boolean; evidence: string } | null;
}

export interface Inspection {
  /** Rows of the file. */
  rows: number;
  /** Rows that are used: fewer than `rows` where those would not fit (see `maxMemoryMB`, `maxRows`). All that follows is about them. */
  keptRows: number;
  /** Rows, of those that would be used, that were left out since a cell does not fit its column: see `leave_out_unfit`. */
  unfitRows: number;
  /** Rows that could not be read and were left out, and the lines of the first few. */
  skippedRows: number;
  badLines: number[];
  /** Lines above the table, such as a title, that were left out. */
  skippedLines: number;
  /** Totals, sources or notes below the table that were left out; null if there were none. */
  footer: { line: number; count: number } | null;
  /** Lines of fields (and sheets), an object a line, a list of objects, or Parquet. For the last three `delimiter`, `quote` and `header` mean nothing. */
  layout: 'delimited' | 'json-lines' | 'json' | 'parquet';
  /** The sheets of a workbook, and the one that was read; empty and null for all else. */
  sheets: string[];
  sheet: string | null;
  /** Columns of a Parquet file that were left out, since they hold lists or maps. */
  leftOut: string[];
  encoding: Encoding;
  /** As the option of this name takes it. */
  delimiter: string;
  quote: string;
  /** A quote inside quotes is written with a backslash, and not twice. */
  backslash: boolean;
  lineEnd: 'lf' | 'crlf' | 'cr';
  /** Lines that begin with # were left out. */
  comments: boolean;
  /** Whether the first line names the columns; else they are `column_1` and so on, and a sample has no header either. */
  header: boolean;
  /** Lines that the header takes; several, such as names and units, are joined to a name. */
  headerLines: number;
  metadata: Metadata;
  /** What was decided for the owner while metadata was read. */
  notes: string[];
  columns: InspectedColumn[];
  /** What holds between the columns that are not left out. */
  relations: Relation[];
  /** What a report asks about where nobody says otherwise: proposed by name, for the owner to decide on. */
  roles: { target: string | null; protected: string[] };
  /** Why the table looks made by a machine, each reason without capital and stop; null where it does not. Croissant metadata of the table under `metadata.standin.provenance` count too. */
  machineMade: { reasons: string[] } | null;
}

export interface Relation {
  kind:
    | 'empty' | 'constant' | 'duplicate' | 'recoding' | 'key' | 'dependency' | 'order' | 'linear' | 'sum' | 'remainder' | 'product'
    | 'missingTogether' | 'missingWhere' | 'nonNegative';
  /** The determined ones last. */
  columns: string[];
  /** Of the rows that could speak against it, the share that does not. */
  share: number;
  rows: number;
  /** Such as "end is never before start". It may name a level. */
  sentence: string;
}

/** How true the table is, how useful, how safe for those whose rows were learned from, how fair to groups. */
export type Side = 'truth' | 'utility' | 'safety' | 'fairness';

export interface Score {
  key:
    | 'shapes' | 'trends' | 'correlations' | 'marginals' | 'gaps' | 'detection' | 'coverage' | 'density' | 'facts'
    | 'validity' | 'structure' | 'tstr' | 'importance' | 'coefficients' | 'copies' | 'nearest' | 'membership'
    | 'outliers' | 'nearCopies' | 'distanceRatio' | 'membershipSure' | 'outliersSure' | 'singlingOut' | 'linkability'
    | 'inference' | 'rareCombinations' | 'groupShares' | 'groupOutcomes' | 'groupErrors' | 'rare' | 'tails' | 'variety'
    | 'pairVariety' | 'collapse';
  side: Side;
  name: string;
  /** A share, or an AUC where 0.5 is a coin's toss. */
  value: number;
  /** Where the value would lie in 95 of 100 tables like this one; null where that is not known. */
  interval: [number, number] | null;
  /** What held-out real rows score by the same measure; null without a holdout. */
  ceiling: number | null;
  /** What a perfect table has. */
  best: number;
  verdict: 'good' | 'look' | 'bad';
  sentence: string;
}

export type Measure = 'spearman' | 'pearson' | 'cramersV' | 'correlationRatio';

export interface Report {
  rows: {
    train: number;
    holdout: number;
    synthetic: number;
    /** Rows of each table that were looked at, by lot, where that is fewer than one of them has: 100,000, or as many as make four million cells. */
    lookedAt: number | null;
    /** What the lot fell on: rows, persons, or stretches of time; null where nothing was held out, or someone else chose it. */
    heldOut: 'rows' | 'persons' | 'time' | null;
  };
  /** Each side that was asked about in one verdict, the worst of its scores', with how many are good, to be looked at, bad. */
  dials: { side: Side; verdict: 'good' | 'look' | 'bad'; counts: [number, number, number] }[];
  /** Without a holdout only those that need none. */
  scores: Score[];
  columns: { name: string; value: number; ceiling: number | null }[];
  /** The ten worst pairs of columns. */
  pairs: { a: string; b: string; value: number; ceiling: number | null }[];
  /** How strongly columns hang together here and there. Absolute differences from the training table over all pairs, of the synthetic rows and of held-out ones; and the ten pairs that differ most: real, held out, synthetic. */
  correlations: {
    measures: { measure: Measure; pairs: number; mean: (number | null)[]; greatest: (number | null)[] }[];
    pairs: { a: string; b: string; measure: Measure; values: (number | null)[] }[];
  };
  /** NIST's k-marginal score for three columns at a time, 0 to 1000, and the share of the real `rows` of which a random subsample scores the same; null where there are not three columns. */
  marginals: {
    score: number;
    ceiling: number | null;
    subsample: number;
    heldOutSubsample: number | null;
    rows: number;
    triples: number;
    worst: { columns: [string, string, string]; value: number; ceiling: number | null }[];
  } | null;
  /** Columns that are missing together, in these shares of the rows: real, held out, synthetic; what differs most first, null where few rows tell. */
  gaps: { columns: string[]; shares: (number | null)[] }[];
  /** Rules of the real table, those that synthetic rows break first, with the shares of rows that break them: real, held out, synthetic; null where few do. */
  facts: { sentence: string; columns: string[]; broken: (number | null)[]; verdict: 'good' | 'look' | 'bad' }[];
  /** Columns that hold what no real row had: the share of cells that are valid. */
  invalid: { name: string; value: number; ceiling: number | null }[];
  /** By which columns a classifier tells synthetic rows from real ones: how far its AUC falls without the column, and what is too frequent among the tenth told most surely, with its share there and among real rows. */
  tells: { column: string; told: number; what: string | null; shares: [number, number] | null }[];
  /**
   * Groups of protected columns, the most different first. Shares of the rows, and how often a group has the outcome: real, held out, synthetic; null where
   * too few rows tell. `widened`: how much farther its rate lies from that of everyone else than among the real rows, with lower and upper end; `amplified`
   * where that is more than chance.
   */
  groups: {
    column: string;
    name: string;
    shares: (number | null)[];
    rates: (number | null)[];
    widened: [number, number, number] | null;
    amplified: boolean;
  }[];
  /** How much each column has a say in predictions of the target, as parts of one, the most different first. */
  importances: { column: string; real: number; synthetic: number; holdout: number }[];
  /** Of a regression of the target: estimate, lower and upper end; how far the two intervals overlap, and how many standard errors lie between. */
  coefficients: {
    name: string;
    real: [number, number, number];
    synthetic: [number, number, number];
    overlap: number;
    difference: number;
  }[];
  /** Whether adding synthetic rows to the real ones helps to predict the target. It is no score: good where it surely helps, else look. */
  advice: Advice | null;
  /** Predictions of the outcome by group of a protected column, learned from real and from synthetic rows, the most amplified first. */
  errorRates: {
    column: string;
    name: string;
    /** Of those with the outcome how many are told yes: real, synthetic. */
    truePositive: (number | null)[];
    /** Of those without it. */
    falsePositive: (number | null)[];
    widened: [number, number, number];
    amplified: boolean;
  }[];
  /** Levels of fewer than one row in twenty, the most lost first: real and synthetic share. */
  rare: { column: string; level: string; shares: [number, number]; lost: boolean }[];
  /** How many values lie below the real 1 % and above the real 99 %: real, held out, synthetic; and the share of the extremes that is kept. */
  tails: { column: string; low: (number | null)[]; high: (number | null)[]; kept: number }[];
  /** Entropy of each column as a part of the most it could be: real, held out, synthetic. */
  variety: { column: string; entropy: (number | null)[] }[];
  /**
   * What the collapse guard found, in figures of 0 to 1: generation 0 is held-out real rows, 1 the synthetic table, each later one
   * made by a model of the one before. Empty where it was not asked for; null where a table has no such figure.
   */
  generations: { generation: number; shapes: number; trends: number | null; variety: number | null; rare: number | null }[];
  /** How values are spread, of the 60 columns that differ most. A share is null where one to four rows have it, or there is no holdout. */
  distributions: {
    column: string;
    kind: 'numbers' | 'dates' | 'categories';
    /** `steps`: how many steps of one round width the bin spans. */
    bins: { label: string; place: 'below' | 'own' | 'above' | 'others' | 'missing'; steps: number; real: number | null; heldOut: number | null; synthetic: number | null }[];
  }[];
  /** Likeness of pairs among up to 40 columns: of column `i` a row of `i` scores, with the columns before it. Null for a table of one column. */
  matrix: { columns: string[]; scores: (number | null)[][] } | null;
  /**
   * The rows on one plane: shares of them in a grid of `cells` by `cells`, row by row from the top, null where fewer than five lie; what
   * each direction tells of how real rows differ, and the columns it is made of; how much synthetic, and held-out, rows overlap with the real ones.
   */
  projection: {
    cells: number;
    explained: [number, number];
    columns: [string[], string[]];
    real: (number | null)[];
    synthetic: (number | null)[];
    overlap: number;
    ceiling: number | null;
  } | null;
  /** Attacks that were tried with a holdout: singling out, linking two lists, guessing cells; of columns the worst first. */
  attacks: Attack[];
  /** The ten sets of two or three columns whose rare combinations are handed on most. */
  rareCombinations: RareSet[];
}

/** A share, and where it would lie in 95 of 100 tables like this one. */
export interface Rate {
  value: number;
  interval: [number, number];
}

export interface Attack {
  /** Of the score that it belongs to. */
  key: 'singlingOut' | 'linkability' | 'inference';
  name: string;
  /** What was guessed, where it was one column. */
  column: string | null;
  /** Guesses about rows that were learned from. */
  tries: number;
  /** Right guesses about learned rows, about held-out rows, and of blind guesses. */
  main: Rate;
  control: Rate;
  baseline: Rate;
  /** (main - control) / (1 - control): 0 where learned rows are as safe as held-out ones. */
  risk: Rate;
  /** The risk of one half of the held-out rows beside the other. */
  ceiling: number;
  /** False where it was right no more often than blind guesses: it is too weak to tell. */
  tells: boolean;
}

export interface RareSet {
  columns: string[];
  /** Combinations that exactly one training row has; five or more. */
  unique: number;
  /** Shares of the rows of each table that have one of them. */
  train: number;
  holdout: number;
  synthetic: number;
}

/** A picture of one finding. */
export interface Chart {
  key: string;
  side: Side;
  title: string;
  /** What it shows, made from the figures. */
  sentence: string;
  /** An SVG element; colours come from the classes in charts.css. It names no script and nothing outside. */
  svg: string;
  /** The figures behind it. */
  table: Sheet;
}

/** Texts to be shown. */
export interface Sheet {
  heads: string[];
  /** The first text of each names it. */
  rows: string[][];
}

/** What lies behind the figures of a side, the ten worst first. */
export interface List {
  side: Side;
  title: string;
  /** What its figures mean. */
  hint: string | null;
  table: Sheet;
}

/** The figures with their charts and lists, and the whole as one page of HTML. `const { charts, lists, html, ...figures } = shown` parts them. */
export interface ShownReport extends Report {
  charts: Chart[];
  lists: List[];
  html: string;
}

export interface Advice {
  target: string;
  measure: 'AUC' | 'R²';
  /** Real rows that were learned from, and the skill of these alone on held-out rows. */
  rows: number;
  skill: number;
  /** With so many synthetic rows for each real one: the skill, and what that gains, with its interval. */
  tried: { times: number; skill: number; gain: number; interval: [number, number] }[];
  verdict: 'good' | 'look' | 'bad';
  sentence: string;
}

/** What is known of a synthetic file, for its description. */
export interface CroissantOptions {
  /** The file's name as it will be saved: the description tells it as the address, relative to its own. Default 'synthetic.csv'. */
  name?: string;
  numRows?: number;
  /** As they were for the sample. Default: as `sample` has them. */
  seed?: string;
  draws?: Draws;
  /** Its scores are told. */
  report?: Report | null;
  signal?: AbortSignal;
}

/**
 * JSON-LD by http://mlcommons.org/croissant/1.0, to be saved beside the file as `NAME.croissant.json`. What the owner alone
 * knows, such as `license` and `creator`, is not in it.
 */
export interface Croissant {
  name: string;
  description: string;
  digitalSourceType: string;
  'rai:hasSyntheticData': true;
  distribution: { name: string; sha256: string; contentSize: string; encodingFormat: string; [property: string]: unknown }[];
  recordSet: { name: string; field: { name: string; dataType: string; [property: string]: unknown }[]; [property: string]: unknown }[];
  /** What made the rows, and how well. */
  standin: {
    synthetic: true; tool: 'Standin'; version: string; method: Method; preset: Preset; quality: Quality; minSupport: number;
    /** Rows that the model was learned from. */
    learnedFrom: number;
    rows: number | null; seed: string; modelSeed: string; draws: Draws;
    scores: Score[];
  };
  [property: string]: unknown;
}

export interface ReportOptions extends CallOptions {
  /** The column to be predicted from the others; '' for none. Default: proposed by name, else the last column of few levels. */
  target?: string;
  /** Columns that tell groups whom a table may wrong. Default: proposed by name, such as sex, race or age. */
  protected?: string[];
  /**
   * The collapse guard: models learn from the synthetic rows, from rows of that model, and so on, five times. It takes as long as
   * five fits of 5,000 rows, or of as many as there are. Default false.
   */
  generations?: boolean;
}

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
  /** Of all that is stored, the fewest training rows behind one thing. */
  fewestRows: number;
  /** Rows, or persons, that the fit asked for behind each. */
  minSupport: number;
  /** Values of text that too few share, which are not in the model. */
  heldBack: number;
}

export interface Model {
  readonly info: ModelInfo;
  /** The values that were held back, by column; null for a loaded model, which does not know them. */
  readonly heldBack: RareValues[] | null;
  /** Synthetic rows, written as the table was: delimiter, quotes, line ends, encoding, header; keys and types in JSON; types in Parquet. */
  sample(options?: SampleOptions): Promise<Blob>;
  /** The first rows of the sample with this seed and these draws, as text. Default 10 rows. */
  preview(numRows?: number, seed?: string, draws?: Draws): Promise<{ columns: string[]; rows: string[][] }>;
  /** Judges a synthetic table against the table this model was fitted on. Not for loaded models. */
  report(synthetic: Input, options?: ReportOptions): Promise<ShownReport>;
  /** A description that travels with a synthetic file and marks it as synthetic. */
  croissant(synthetic: Input, options?: CroissantOptions): Promise<Croissant>;
  /** The model file, for `engine.load`. It holds no row of the table. */
  save(): Uint8Array;
  /** Frees the worker's copy. The model is not usable afterwards. */
  dispose(): Promise<void>;
}

export interface Engine {
  /** What the columns are. Cheap to call again with edited metadata. */
  inspect(input: Input, options?: TableOptions): Promise<Inspection>;
  fit(input: Input, options?: FitOptions): Promise<Model>;
  load(saved: Input, options?: { signal?: AbortSignal }): Promise<Model>;
  /** Ends the worker and gives its memory back; calls in flight reject with code 'cancelled'. */
  terminate(): void;
}

export type Wasm = WebAssembly.Module | BufferSource | Response;

export interface EngineOptions {
  /** Makes the worker, for pages whose policy forbids blob workers: a classic worker that runs `workerSource`. */
  worker?: () => Worker;
  /** The WebAssembly, when it is not to be the inlined one. Nothing is ever fetched by the library. */
  wasm?: Wasm | Promise<Wasm>;
  /**
   * The WebAssembly that reads and writes Excel and Parquet, or what gives it: called when the first such file comes in.
   * Default: what `files.js`, beside index.js and imported then, holds inlined.
   */
  filesWasm?: Wasm | Promise<Wasm> | (() => Wasm | Promise<Wasm>);
  /** Bytes read at a time. Default 4 MiB. The result does not depend on it. */
  chunkBytes?: number;
}

export function createEngine(options?: EngineOptions): Promise<Engine>;

/** The script of the worker, to be served as a file where blob workers are forbidden. */
export const workerSource: string;

/** A random seed of 53 bits, as decimal digits. */
export function randomSeed(): string;
