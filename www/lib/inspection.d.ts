/** What is found out about a table, and the metadata that its owner edits. */

/** 'ordinal': categories with an order of their own. 'text': free text, written as placeholder words. */
export type Sdtype = 'numerical' | 'categorical' | 'ordinal' | 'boolean' | 'datetime' | 'id' | 'text' | PersonalSdtype;
/** What tells of persons: filled with made-up values, never with the table's. */
export type PersonalSdtype =
  | 'name' | 'first_name' | 'last_name' | 'email' | 'phone_number' | 'address' | 'city' | 'postcode' | 'iban'
  | 'credit_card_number' | 'ssn' | 'ipv4_address' | 'ipv6_address' | 'mac_address' | 'url' | 'user_name' | 'license_plate';
/** How the text of a file is coded. */
export type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'windows-1252';
/** What a column is to a model: learned, made up, or nothing to learn of. */
export type Role = 'feature' | 'key' | 'personal' | 'constant' | 'empty';

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

/** How often what is in a column. */
export interface Distribution {
  /** For 'histogram' the edges of the bins, one more than `counts`; for 'bars' the values. */
  labels: string[];
  counts: number[];
  /** Rows whose value is in none of the bars. */
  other: number;
  kind: 'histogram' | 'bars' | 'none';
}

/** A text that counts as missing, or might. */
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

/** What is known of a column. */
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

/** What is known of a table, and how its file was read. */
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

/** What holds between columns. */
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
