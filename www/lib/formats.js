/** What a sample is written as, by its MIME type: how that is called, and how its file ends, which is the format's name too. */
export const FORMATS = {
  'text/csv': ['CSV', 'csv'],
  'application/json': ['JSON', 'json'],
  'application/x-ndjson': ['JSON lines', 'jsonl'],
  'application/vnd.apache.parquet': ['Parquet', 'parquet'],
};

/** A file's name without what tells its format. */
export const baseName = (name) => name.replace(/\.(gz|zip)$/i, '').replace(/\.(csv|tsv|txt|xlsx|xlsm|parquet|json|jsonl|ndjson|standin)$/i, '');
