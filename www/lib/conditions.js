/** What rows must be, as plain data for the worker, where the core checks it. */

import { StandinError } from './errors.js';

/** A list of conditions. What would reach the core as null, which stands for a missing value there, is refused. */
export function conditionList(conditions) {
  const list = Array.isArray(conditions) ? conditions : [conditions];
  for (const condition of list) {
    for (const [column, wanted] of Object.entries(condition?.where ?? {})) {
      for (const value of Array.isArray(wanted) ? wanted : [wanted]) {
        const ends = value !== null && typeof value === 'object' ? Object.values(value).filter((end) => end !== undefined) : [value];
        if (ends.some((end) => end === undefined || (typeof end === 'number' && !Number.isFinite(end))))
          throw new StandinError('bad-options', 'A condition has an undefined value, or a number that is not finite: null is for no value, and an open end of a range is left out.', { column });
      }
    }
  }
  return list;
}

/** How many rows they want in all. */
export const rowsOf = (list) => list.reduce((sum, condition) => sum + (condition?.numRows ?? 0), 0);

/** What is told of them with the rows: what the columns had to be is the owner's affair. */
export const toldOf = (list) => list.map(({ numRows, where = {} }) => ({ rows: numRows, columns: Object.keys(where) }));
