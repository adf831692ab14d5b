/**
 * The one error type of the library. `code` is for programs and `message` for people; neither ever holds a cell of
 * the table, because error trackers upload messages.
 */
export class StandinError extends Error {
  constructor(code, message, { row = null, column = null, mismatches = [], cause } = {}) {
    super(message, cause && { cause });
    // An abort looks like the platform's own, so that `error.name === 'AbortError'` works as it does for fetch.
    this.name = code === 'cancelled' ? 'AbortError' : 'StandinError';
    this.code = code;
    this.row = row;
    this.column = column;
    this.mismatches = mismatches;
  }
}

export const cancelled = () => new StandinError('cancelled', 'The work was cancelled.');

export const terminated = () => new StandinError('terminated', 'The engine was terminated; make a new one.');

export const unsendable = (cause) => new StandinError('bad-options', 'Options must be plain data, to be sent to a worker.', { cause });

export const workerDied = (detail) =>
  new StandinError('worker-died', `The engine stopped and was replaced${detail ? ` (${detail})` : ''}. Try again; with a very large table, leave out some columns.`);

/** Rebuilds an error that crossed from the worker as plain data. */
export const fromWorker = ({ code, message, row, column, mismatches }) =>
  code === 'worker-died' ? workerDied(message) : new StandinError(code, message, { row, column, mismatches });
