/** A model: in the worker that fitted it, and here in its saved form, so that a worker that is replaced can be given it. */

import { conditionList, rowsOf, toldOf } from './conditions.js';
import { asyncDispose } from './dispose.js';
import { StandinError } from './errors.js';
import { FORMATS } from './formats.js';
import { toBlob } from './input.js';
import { Sample } from './sample.js';
import { seedText } from './seed.js';

export class Model {
  #client;
  #model; // { id, bytes }; null once it is disposed of
  #fitted; // { input, options, heldBack }, or null for a loaded model

  constructor(client, model, info, fitted) {
    this.#client = client;
    this.#model = model;
    this.#fitted = fitted;
    this.info = { ...info, bytes: model.bytes.length };
  }

  get heldBack() {
    return this.#fitted?.heldBack ?? null;
  }

  get metadata() {
    const { columns, entity } = this.info;
    const table = { ...(entity && { sequence_key: entity }), columns: Object.fromEntries(columns.map(({ name, sdtype }) => [name, { sdtype }])) };
    return { METADATA_SPEC_VERSION: 'V1', tables: { table }, relationships: [] };
  }

  sample({ numRows = this.info.rows, seed = this.info.seed, draws = 'spread', format, signal, onProgress } = {}) {
    return new Sample(this.#client, this.#held(), { numRows, seed: seedText(seed), draws, format }, { signal, onProgress });
  }

  sampleFromConditions(conditions, { seed = this.info.seed, draws = 'spread', format, signal, onProgress } = {}) {
    const list = conditionList(conditions);
    return new Sample(this.#client, this.#held(), { conditions: list, numRows: rowsOf(list), seed: seedText(seed), draws, format }, { signal, onProgress });
  }

  async preview({ numRows = 10, seed = this.info.seed, draws = 'spread', signal, onProgress } = {}) {
    return this.#client.call('preview', { numRows, seed: seedText(seed), draws }, { model: this.#held(), signal, onProgress });
  }

  async croissant(synthetic, { name = 'synthetic.csv', numRows, seed = this.info.seed, draws = 'spread', conditions = [], report, signal, onProgress } = {}) {
    const sample = await toBlob(synthetic, [signal], onProgress);
    const made = { name, format: FORMATS[sample.type]?.[1] ?? null, rows: numRows ?? null, seed: seedText(seed), draws, conditions: toldOf(conditionList(conditions)), report: report ? { scores: report.scores } : null };
    return this.#client.call('croissant', { made, sample }, { model: this.#held(), signal, onProgress });
  }

  async report(synthetic, { target, protected: groups, generations = false, signal, onProgress } = {}) {
    this.#held();
    if (!this.#fitted) throw new StandinError('bad-options', 'A loaded model has no table to compare with: fit it in this session, or give engine.report the table.');
    const { input, options } = this.#fitted;
    const blob = await toBlob(synthetic, [signal], onProgress);
    // Its own rows are read as they were written, whatever had to be passed over in the table.
    const own = { blob, reading: { skipBadRows: false, keepFooter: true } };
    const params = { input, holdout: null, synthetic: own, options, asked: { target, protected: groups }, generations };
    return this.#client.call('report', params, { signal, onProgress });
  }

  save() {
    return this.#held().bytes.slice();
  }

  async dispose() {
    if (!this.#model) return;
    const { id } = this.#model;
    this.#model = null;
    this.#fitted = null;
    await this.#client.release('dispose', id);
  }

  [asyncDispose]() {
    return this.dispose();
  }

  #held() {
    if (!this.#model) throw new StandinError('disposed', 'This model was disposed of: fit or load it again.');
    return this.#model;
  }
}
