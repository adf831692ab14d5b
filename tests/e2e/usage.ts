// Read by the type checker only: the library as an embedder writes it, right and wrong.

import { createEngine, StandinError, type Croissant, type Inspection, type Model, type Progress, type Report } from '../../www/lib/index.js';

export async function rightUse(file: File): Promise<Blob> {
  const engine = await createEngine({ chunkBytes: 8 << 20, filesWasm: async () => new Response(file.stream()) });
  const abort = new AbortController();
  const onProgress = ({ phase, done, total, etaMs }: Progress) => console.log(phase, done / total, etaMs ?? 'unknown');
  const inspection: Inspection = await engine.inspect(file, { skipBadRows: true, signal: abort.signal, onProgress });
  const { metadata } = inspection;
  const sheet: string | undefined = inspection.sheets.find((name) => name !== inspection.sheet);
  await engine.inspect(file, { sheet });
  metadata.tables.table!.columns.age!.sdtype = 'categorical';
  metadata.standin?.leave_out.push('notes');
  try {
    const model: Model = await engine.fit(file, { method: 'trees', quality: 'full', seed: '7', holdout: 'auto', minSupport: 3, metadata, skipBadRows: true });
    const rare: string[] = (model.heldBack ?? []).flatMap(({ values }) => values);
    const csv = await model.sample({ numRows: 1000, seed: '8', draws: 'independent', format: 'csv' });
    const typed: Blob = await model.sample({ format: 'parquet' });
    const asked = { target: inspection.roles.target ?? '', protected: inspection.roles.protected, generations: true };
    const { charts, lists, html, ...report } = await model.report(csv, asked);
    const kept: Report = report;
    console.log(charts[0]?.table.rows.length, html.length, kept.scores.length);
    const described: Croissant = await model.croissant(csv, { name: 'out.csv', numRows: 1000, seed: '8', draws: 'independent', report: kept });
    console.log(inspection.machineMade?.reasons.length, described.standin.scores.length);
    const worst: string | undefined = report.columns[0]?.name;
    const rows: string[][] = (await model.preview(10)).rows;
    const again: Model = await engine.load(model.save());
    console.log(typed.size, worst, rare.length, model.info.columns[0]?.heldBack.highTail, rows.length, again.info.seed.length);
    await model.dispose();
    return csv;
  } catch (error) {
    if (error instanceof StandinError && error.code === 'ragged-rows') console.log(error.row);
    throw error;
  } finally {
    engine.terminate();
  }
}

export async function wrongUse(file: File) {
  const engine = await createEngine();
  // @ts-expect-error a seed is a string, because a number would lose digits
  await engine.fit(file, { seed: 7 });
  // @ts-expect-error there is no such method
  await engine.fit(file, { method: 'gan' });
  // @ts-expect-error a table is not a number
  await engine.inspect(42);
  // @ts-expect-error a workbook is read, and none is written
  await (await engine.load(file)).sample({ format: 'xlsx' });
  // @ts-expect-error a sheet has a name
  await engine.inspect(file, { sheet: 2 });
  // @ts-expect-error `numRows`, not `num_rows`
  await (await engine.load(file)).sample({ num_rows: 3 });
}
