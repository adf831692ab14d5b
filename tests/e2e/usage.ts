// Read by the type checker only: the library as an embedder writes it, right and wrong.

import { createEngine, StandinError, type Condition, type Croissant, type Inspection, type Metadata, type Model, type Progress, type Report, type Sample, type ShownReport } from '../../www/lib/index.js';
import { defineSynthesizer, type StandinSynthesizer } from '../../www/lib/element.js';
import { createEngine as createSlimEngine, type Engine } from '../../www/lib/slim.js';

export async function rightUse(file: File): Promise<Blob> {
  const engine = await createEngine({ chunkBytes: 8 << 20, maxMemoryMB: 512, filesWasm: async () => new Response(file.stream()) });
  const abort = new AbortController();
  const onProgress = ({ phase, done, total, etaMs }: Progress) => console.log(phase, done / total, etaMs ?? 'unknown');
  void engine.warmUp();
  const inspection: Inspection = await engine.inspect(file, { skipBadRows: true, signal: abort.signal, onProgress });
  const { metadata } = inspection;
  const sheet: string | undefined = inspection.sheets.find((name) => name !== inspection.sheet);
  await engine.inspect(file, { sheet });
  metadata.tables.table!.columns.age!.sdtype = 'categorical';
  metadata.standin?.leave_out.push('notes');
  try {
    const model: Model = await engine.fit(file, { method: 'trees', quality: 'full', seed: '7', holdout: 'auto', minSupport: 3, metadata, skipBadRows: true });
    const rare: string[] = (model.heldBack ?? []).flatMap(({ values }) => values);
    const sample: Sample = model.sample({ numRows: 1000, seed: '8', draws: 'independent', format: 'csv' });
    const csv: Blob = await sample.toBlob();
    const conditions: Condition[] = [{ numRows: 50, where: { income: '>50K', age: [{ min: 18, max: 30 }, 99n], left: null, insured: true } }, { numRows: 5 }];
    const balanced: string = await model.sampleFromConditions(conditions, { seed: 7, format: 'json', signal: abort.signal }).text();
    await model.croissant(balanced, { conditions });
    const asked = { target: inspection.roles.target ?? '', protected: inspection.roles.protected, generations: true };
    const { charts, lists, html, ...report } = await model.report(csv, asked);
    const kept: Report = report;
    console.log(charts[0]?.table.rows.length, html.length, kept.scores.length);
    const described: Croissant = await model.croissant(csv, { name: 'out.csv', numRows: 1000, seed: 8n, draws: 'independent', report: kept });
    console.log(inspection.machineMade?.reasons.length, described.standin.scores.length);
    const worst: string | undefined = report.columns[0]?.name;
    const rows: string[][] = (await model.preview({ numRows: 10, seed: '8' })).rows;
    const again: Model = await engine.load(model.save());
    const known: Metadata = again.metadata;
    console.log(worst, rare.length, model.info.columns[0]?.heldBack.highTail, rows.length, again.info.seed.length, known.tables.table?.columns);
    await model.dispose();
    return csv;
  } catch (error) {
    if (error instanceof StandinError && error.code === 'ragged-rows') console.log(error.row);
    throw error;
  } finally {
    engine.terminate();
  }
}

export async function streams(url: string, model: Model, out: WritableStream<Uint8Array>) {
  await using engine = await createEngine();
  const response = await fetch(url);
  await using fitted = await engine.fit(response.body!, { seed: 7 });
  await engine.inspect(response);
  for await (const piece of model.sample({ signal: AbortSignal.timeout(1000) })) console.log(piece.byteLength);
  await fitted.sample({ format: 'parquet' }).toStream().pipeTo(out);
  const text: string = await fitted.sample({ format: 'jsonl' }).text();
  const judged: ShownReport = await engine.report({ train: text, holdout: null, synthetic: fitted.sample() }, { target: 'income', protected: ['sex'], delimiter: ';', generations: true, metadata: model.metadata });
  return judged.html;
}

export async function slim(module: WebAssembly.Module, bytes: Uint8Array<ArrayBuffer>): Promise<Engine[]> {
  const forms = ['/standin.wasm', new URL('https://example.org/standin.wasm'), module, bytes, bytes.buffer, fetch('/standin.wasm'), () => fetch('/standin.wasm')];
  return Promise.all(forms.map((wasm) => createSlimEngine({ wasm, filesWasm: '/files.wasm' })));
}

export function element(engine: Promise<Engine>): StandinSynthesizer {
  const Synthesizer = defineSynthesizer();
  const own = new Synthesizer();
  own.strings = { choose: 'Datei wählen', ready: (rows) => `${rows} Zeilen` };
  const element = document.createElement('standin-synthesizer');
  element.engine = engine;
  element.addEventListener('standin-done', ({ detail: { blob, info, name } }) => console.log(blob.size, info.seed, name));
  element.addEventListener('standin-error', ({ detail }) => console.log(detail.error.code));
  void element.synthesize(new Blob(['a\n1\n']), { name: 'a.csv' });
  return element;
}

export async function wrongUse(file: File) {
  const engine = await createEngine();
  // @ts-expect-error a seed is no list
  await engine.fit(file, { seed: [7] });
  // @ts-expect-error there is no such method
  await engine.fit(file, { method: 'gan' });
  // @ts-expect-error a table is not a number
  await engine.inspect(42);
  // @ts-expect-error a workbook is read, and none is written
  (await engine.load(file)).sample({ format: 'xlsx' });
  // @ts-expect-error a sheet has a name
  await engine.inspect(file, { sheet: 2 });
  // @ts-expect-error `numRows`, not `num_rows`
  (await engine.load(file)).sample({ num_rows: 3 });
  // @ts-expect-error the conditions say how many rows
  (await engine.load(file)).sampleFromConditions({ numRows: 5 }, { numRows: 5 });
  // @ts-expect-error a range has other ends
  (await engine.load(file)).sampleFromConditions({ numRows: 5, where: { age: { from: 18 } } });
  // @ts-expect-error nothing can be judged without its table
  await engine.report({ synthetic: file });
  // @ts-expect-error the slim entry brings no WebAssembly
  await createSlimEngine();
  // @ts-expect-error text is not a stream of bytes
  await engine.inspect(new ReadableStream<string>());
}
