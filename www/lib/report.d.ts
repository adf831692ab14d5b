/** How a synthetic table is judged, and what is found; and the description that travels with it. */

import type { CallOptions, Condition, Draws, Method, Preset, Quality, Seed, TableOptions } from './api.js';

/** What a report asks about. */
export interface Asked {
  /** The column to be predicted from the others; '' for none. Default: proposed by name, else the last column of few levels. */
  target?: string;
  /** Columns that tell groups whom a table may wrong. Default: proposed by name, such as sex, race or age. */
  protected?: string[];
}

/** What it asks besides. */
export interface Guard {
  /**
   * The collapse guard: models learn from the synthetic rows, from rows of that model, and so on, five times. It takes as long as
   * five fits of 5,000 rows, or of as many as there are. Default false.
   */
  generations?: boolean;
}

export interface ReportOptions extends Asked, Guard, CallOptions {}

/** For files of any tool. All are read alike, as these options say, or as each tells of itself; `metadata` is of `train`. */
export interface JudgeOptions extends Asked, Guard, TableOptions {}

/** How true the table is, how useful, how safe for those whose rows were learned from, how fair to groups. */
export type Side = 'truth' | 'utility' | 'safety' | 'fairness';

/** One figure, beside what real rows have. */
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

/** How two columns hang together: of numbers Spearman and Pearson, of categories Cramér, of one of each the correlation ratio. */
export type Measure = 'spearman' | 'pearson' | 'cramersV' | 'correlationRatio';

/** All figures, and what lies behind them. */
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

/** An attack that was tried. */
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

/** Columns, and how their rare combinations are handed on. */
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

/** What synthetic rows are worth beside real ones. */
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
export interface CroissantOptions extends CallOptions {
  /** The file's name as it will be saved: the description tells it as the address, relative to its own. Default 'synthetic.csv'. */
  name?: string;
  numRows?: number;
  /** As they were for the sample. Default: as `sample` has them. */
  seed?: Seed;
  draws?: Draws;
  /** Those of `sampleFromConditions`, for a file that was made with it: their rows and the names of their columns are told, and no value. */
  conditions?: Condition | Condition[];
  /** Its scores are told. */
  report?: Report | null;
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
    /** Under which the rows were sampled; empty where they stand for the table as it is. */
    conditions: { rows: number; columns: string[] }[];
    scores: Score[];
  };
  [property: string]: unknown;
}
