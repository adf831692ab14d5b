/**
 * The page, in the order a person meets it: a table comes in, its columns are checked, rows are generated, the result is
 * taken away. The modules in page/ show things and report what was done; what is held, and what follows, is decided here.
 */

import { createEngine, randomSeed } from './lib/index.js';
import { askAbout } from './page/ask.js';
import { showColumns } from './page/columns.js';
import { offerDescription } from './page/description.js';
import { find, goTo, h } from './page/dom.js';
import { takeFiles } from './page/intake.js';
import { offerProof } from './page/locality.js';
import { hideProblem, showProblem } from './page/problem.js';
import { withProgress } from './page/progress.js';
import { shortFacts, showReading } from './page/reading.js';
import { showRelations } from './page/relations.js';
import { showImpression, showResult } from './page/result.js';
import { count, fileSize, plural, sentence } from './page/words.js';

const IMPRESSION_ROWS = 8000; // smaller tables are learned almost as quickly as a first impression of them

const engine = createEngine();
engine.then((engine) => engine.warmUp()).catch(() => showProblem('This browser cannot run the engine: it needs WebAssembly with SIMD, as browsers have had since 2023. Nothing was sent anywhere.'));

/** Problems of single rows, which the rest of a file can do without. */
const OF_ROWS = ['ragged-rows', 'not-utf8', 'not-text', 'too-large'];

/** What the person has: { name, input, reading, inspection, rows, columns }, `reading` being the choices on how to read it, or, for a saved model, { name, model }. */
let table = null;
/** The last model fitted here and what it was fitted with, so that more rows of it cost no second fit; and, where a person wanted that, one of all rows. */
let fitted = null; // { key, options, model, ofAll }

/** What the report is to ask about, chosen before the rows are made or when they are judged again. */
const asking = askAbout(find('#ask'), 'ask');

takeFiles(openFile);
offerProof();
offerDescription(() => table.columns);
find('#restart').addEventListener('click', startOver);
find('#form').addEventListener('submit', (event) => {
  event.preventDefault();
  generate();
});

function openFile(input, name) {
  hideProblem();
  return /\.standin$/i.test(name) ? openModel(input, name) : openTable(input, name, {});
}

async function openTable(input, name, reading) {
  const again = !find('#table').hidden; // another reading of the same file
  const [place, host] = again ? [find('#how-body'), find('#rereading')] : [find('#intake'), find('#reading')];
  place.hidden = true;
  try {
    const inspecting = withProgress(host, ['read'], async (run) => (await engine).inspect(input, { ...reading, ...run }));
    const inspection = await inspecting.finally(() => (place.hidden = false));
    const check = async (metadata) => {
      const checked = await (await engine).inspect(input, { ...reading, metadata });
      showRelations(find('#relations'), checked.relations);
      showFacts(checked);
      asking.offer((table.inspection = checked));
      return checked;
    };
    const showFacts = (read) => tellFacts(plural(read.rows, 'row'), plural(read.columns.length, 'column'), fileSize(input.size), ...shortFacts(read));
    showRelations(find('#relations'), inspection.relations);
    find('#description-said').textContent = '';
    const columns = showColumns(find('#column-list'), inspection, check);
    table = { name, input, reading, rows: inspection.rows, columns };
    asking.offer(inspection, null);
    showTable();
    showFacts(inspection);
    readAs(inspection);
    find('#columns').hidden = false;
    if (again) {
      find('#result').hidden = true;
      find('#how summary').focus();
    } else goTo(find('#table'));
  } catch (error) {
    if (again) readAs(table.inspection);
    const row = error.row !== null && OF_ROWS.includes(error.code) && !reading.skipBadRows;
    tell(error, row ? [['Leave out the bad rows and go on', () => openTable(input, name, { ...reading, skipBadRows: true })]] : []);
    if (error.code === 'cancelled') find(again ? '#how summary' : '#choose').focus();
  }
}

/** Shows how the table was read. A choice that cannot be carried out leaves it as it is. */
function readAs(inspection) {
  const { input, name, reading } = table;
  table.inspection = inspection;
  showReading(inspection, reading, (told) => {
    hideProblem();
    openTable(input, name, told);
  });
}

async function openModel(input, name) {
  try {
    const model = await (await engine).load(input);
    table = { name, model, rows: model.info.rows };
    showTable();
    tellFacts('saved model', `learned from ${plural(model.info.rows, 'row')}`, plural(model.info.columns.length, 'column'));
    find('#learning').hidden = true;
    find('#asking').hidden = true;
    find('#how').hidden = true;
    goTo(find('#table'));
  } catch (error) {
    tell(error);
  }
}

function tellFacts(...facts) {
  find('#table-facts').textContent = facts.filter(Boolean).join(' · ');
}

function showTable() {
  find('#start').hidden = true;
  find('#table-name').textContent = table.name;
  find('#rows').value = table.rows;
  find('#rows-hint').textContent = table.model ? `It was learned from ${count(table.rows)}.` : `Your table has ${count(table.rows)}.`;
  find('#seed').value = randomSeed();
  find('#generate').hidden = false;
}

async function generate() {
  hideProblem();
  const numRows = wantedRows();
  const minSupport = wantedSupport();
  if (numRows === null || minSupport === null) return;
  find('#seed').value ||= randomSeed();
  const seed = find('#seed').value;
  const asked = asking.asked();
  const draws = new FormData(find('#form')).get('draws');
  try {
    const outcome = await busy(table.model ? ['sample'] : ['fit', 'sample', 'report'], async (run) => {
      const model = table.model ?? (await fit(seed, draws, minSupport, run));
      const csv = await model.sample({ numRows, seed, draws, ...run }).toBlob();
      const preview = await model.preview({ numRows: Math.min(10, numRows), seed, draws });
      return { name: table.name, model, csv, judged: { model, csv }, numRows, seed, draws, preview, asked, inspection: table.inspection, ...(await compare(model, csv, asked, run)) };
    });
    show(outcome);
  } catch (error) {
    tell(error);
    if (error.code === 'cancelled') find('#go').focus();
  }
}

/** Shows progress in place of the settings; meanwhile nothing else can be started or edited. */
async function busy(phases, work) {
  const lock = (on) => {
    find('#settings').hidden = on;
    for (const id of ['table', 'columns', 'result']) find(`#${id}`).inert = on;
  };
  lock(true);
  try {
    return await withProgress(find('#working'), phases, work);
  } finally {
    find('#impression').hidden = true;
    find('#impression').replaceChildren();
    lock(false);
  }
}

async function fit(seed, draws, minSupport, run) {
  const chosen = new FormData(find('#form'));
  const [method, preset] = [chosen.get('method'), chosen.get('preset')];
  const metadata = await table.columns.metadata();
  const key = JSON.stringify([seed, method, preset, minSupport, metadata, table.reading]);
  if (fitted?.key === key) return fitted.model;
  const options = { method, preset, seed, holdout: 'auto', minSupport, metadata, ...table.reading };
  if (method === 'trees' && table.rows >= IMPRESSION_ROWS) await showFirst({ ...options, ...run }, draws);
  const model = await (await engine).fit(table.input, { ...options, ...run });
  forget();
  fitted = { key, options, model, ofAll: null };
  return model;
}

/** A model of all rows, those too that were held out. */
async function fitOnAll(run) {
  fitted.ofAll ??= await (await engine).fit(table.input, { ...fitted.options, holdout: 0, ...run });
  return fitted.ofAll;
}

function forget() {
  fitted?.model.dispose();
  fitted?.ofAll?.dispose();
  fitted = null;
}

/** A few rows at once, of a model that has seen only part of the table. If that is too little for a model, the full one will do without. */
async function showFirst(options, draws) {
  try {
    const model = await (await engine).fit(table.input, { ...options, quality: 'preview', onProgress: undefined });
    showImpression(find('#impression'), await model.preview({ numRows: 5, seed: options.seed, draws }), model.info.rows);
    model.dispose();
  } catch (error) {
    if (error.code === 'cancelled') throw error;
  }
}

/** The rows are made by now, so whatever stops the comparison only leaves out the figures. */
async function compare(model, csv, asked, run) {
  if (table.model) return { report: null, unjudged: 'A saved model comes without its table, so there is nothing to compare these rows with.' };
  try {
    return { report: await model.report(csv, { ...asked, ...run }) };
  } catch (error) {
    if (error.code === 'cancelled') return { report: null, again: true, unjudged: 'The rows are complete. Their comparison with yours was cancelled.' };
    return { report: null, again: true, unjudged: `The rows are complete, but they could not be compared with yours. ${sentence(error.message)}` };
  }
}

/** Shows the outcome, at the tab of `side` where one is given. */
function show(outcome, side) {
  const { model, csv, judged, numRows, seed, draws, report, again } = outcome;
  const compareNow = async () => show({ ...outcome, again: false, ...(await busy(['report'], (run) => compare(model, csv, outcome.asked, run))) });
  /** Does something more for this result; where that fails or is cancelled, what there was stays. */
  const more = async (phases, work, side) => {
    hideProblem();
    try {
      show({ ...outcome, ...(await busy(phases, work)) }, side);
    } catch (error) {
      tell(error);
      if (error.code === 'cancelled') goTo(find('#result'));
    }
  };
  const judge = (asked, generations = report.generations.length > 0, side) =>
    more(
      generations ? ['report', 'generations'] : ['report'],
      async (run) => {
        const anew = await judged.model.report(judged.csv, { ...asked, generations, ...run });
        asking.offer(table.inspection, asked);
        return { asked, report: anew };
      },
      side,
    );
  const refit = () =>
    more(['fit', 'sample'], async (run) => {
      const ofAll = await fitOnAll(run);
      const all = await ofAll.sample({ numRows, seed, draws, ...run }).toBlob();
      return { model: ofAll, csv: all, preview: await ofAll.preview({ numRows: Math.min(10, numRows), seed, draws }) };
    });
  const croissant = (file, figures) => model.croissant(csv, { name: file, numRows, seed, draws, report: figures }).catch(tell);
  find('#result-title').textContent = `${plural(numRows, 'synthetic row')} ${numRows === 1 ? 'is' : 'are'} ready`;
  showResult(find('#outcome'), outcome, {
    compare: again ? compareNow : null,
    judge: report ? judge : null,
    generations: report?.generations.length === 0 ? () => judge(outcome.asked, true, 'fairness') : null,
    refit: report?.rows.holdout && model === judged.model ? refit : null,
    croissant,
  }, side);
  goTo(find('#result'));
}

const wantedRows = () => wanted('rows', 1, Infinity, 'Ask for a whole number of rows, 1 or more.');

function wantedSupport() {
  if (table.model) return 0; // it was decided when the model was fitted
  const number = wanted('min-support', 2, 1000, 'Choose a whole number from 2 to 1,000.');
  if (number === null) {
    find('#more').open = true;
    find('#min-support').focus();
  }
  return number;
}

/** The whole number in a field, or null where it is none, and the field says so. */
function wanted(id, least, most, complaint) {
  const field = find(`#${id}`);
  const number = Number(field.value);
  const wrong = !Number.isInteger(number) || number < least || number > most;
  field.setAttribute('aria-invalid', wrong);
  find(`#${id}-error`).textContent = wrong ? complaint : '';
  if (wrong) field.focus();
  return wrong ? null : number;
}

function startOver() {
  hideProblem();
  forget();
  table?.model?.dispose();
  table = null;
  for (const id of ['table', 'columns', 'generate', 'result']) find(`#${id}`).hidden = true;
  find('#learning').hidden = false;
  find('#asking').hidden = false;
  find('#how').open = false;
  find('#column-list').replaceChildren();
  find('#outcome').replaceChildren();
  goTo(find('#start'));
}

function tell(error, ways) {
  if (error.code === 'cancelled') return;
  if (error.code) showProblem(error.message, ways);
  else {
    console.error(error);
    showProblem('Something unexpected went wrong in the page itself. Your table and settings are still here; try again.', ways);
  }
}
