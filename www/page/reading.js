/**
 * How the file was read: what was decided by evidence, in words, and the choices by which a person overrules it. Each
 * choice reads the file again.
 */

import { find, h } from './dom.js';
import { DELIMITERS, LAYOUTS, count, plural } from './words.js';

const ENCODINGS = ['UTF-8', 'windows-1252', 'UTF-16LE', 'UTF-16BE'];
const OFFERED = [',', ';', '\t', '|', ':', ' ', '  ', ', '];

const NAMED = 10;

const named = (delimiter) => DELIMITERS[delimiter] ?? `"${delimiter}"`;

function names(all) {
  const shown = all.slice(0, NAMED).map((name) => `"${name}"`).join(', ');
  return all.length > NAMED ? `${shown} and ${count(all.length - NAMED)} more` : shown;
}

/** What stands under the table's name: only what differs from a plain CSV file. */
export function shortFacts({ rows, keptRows, unfitRows, layout, sheets, sheet, leftOut, delimiter, quote, encoding, header, skippedLines, skippedRows, footer }) {
  return [
    keptRows + unfitRows < rows && `a random ${count(keptRows + unfitRows)} of ${count(rows)} rows are used: more would take this tab too much memory or time`,
    LAYOUTS[layout],
    sheet !== null && 'Excel, to be written as CSV',
    sheets.length > 1 && `sheet "${sheet}" of ${sheets.length}`,
    leftOut.length > 0 && `${plural(leftOut.length, 'column')} of lists or maps left out`,
    layout === 'delimited' && delimiter !== ',' && `separated by ${named(delimiter)}`,
    quote !== '"' && `quoted with ${quote}`,
    encoding !== 'UTF-8' && encoding,
    !header && 'no header line: columns are numbered',
    skippedLines > 0 && `${plural(skippedLines, 'line')} above the table left out`,
    footer && `${plural(footer.count, 'line')} below the table left out`,
    skippedRows > 0 && `${plural(skippedRows, 'bad row')} left out`,
    unfitRows > 0 && `${plural(unfitRows, 'row')} left out for cells that do not fit`,
  ];
}

/** `told` is what the person chose so far; `again(told)` reads the file with other choices. */
export function showReading(inspection, told, again) {
  const { layout, sheets, sheet, delimiter, encoding, header, footer } = inspection;
  const choose = (change) => again({ ...told, ...change });
  const delimiters = [...new Set([...OFFERED, delimiter])].map((text) => [text, named(text)]);
  const isText = sheet === null && layout !== 'parquet';
  const choices = [
    sheets.length > 1 && choice('Sheet', 'sheet', sheets.map((name) => [name, name]), told.sheet, sheet, (value) => choose({ sheet: value })),
    layout !== 'parquet' && choice('First line', 'first-line', [['true', 'names'], ['false', 'data']], told.header, header, (value) => choose({ header: value && value === 'true' })),
    isText && choice('Fields separated by', 'delimiter', delimiters, told.delimiter, delimiter, (value) => choose({ delimiter: value })),
    isText && choice('Encoding', 'encoding', ENCODINGS.map((name) => [name, name]), told.encoding, encoding, (value) => choose({ encoding: value })),
  ];
  const keep = h('input', { type: 'checkbox', id: 'keep-footer', checked: told.keepFooter, onchange: () => choose({ keepFooter: keep.checked }) });
  const below = (footer || told.keepFooter) && h('label', { class: 'check' }, keep, ' Keep the lines below the table as rows');
  find('#how-body').replaceChildren(h('ul', { class: 'facts' }, longFacts(inspection).map((fact) => h('li', {}, fact))), h('div', { class: 'fields' }, choices), ...(below ? [below] : []));
  find('#how').hidden = false;
}

/** A select whose first option leaves the decision to the file. */
function choice(label, id, options, chosen, found, change) {
  const words = options.find(([value]) => value === String(found))?.[1];
  const own = chosen === undefined ? `by the file: ${words}` : 'by the file';
  const list = [['', own], ...options].map(([value, text]) => h('option', { value, selected: chosen !== undefined && value === String(chosen) }, text));
  const select = h('select', { id, onchange: () => change(select.value || undefined) }, list);
  return h('div', { class: 'field' }, h('label', { for: id }, label), select);
}

function longFacts({ layout, sheets, sheet, leftOut, quote, backslash, lineEnd, comments, header, headerLines, skippedLines, skippedRows, badLines, footer }) {
  const lines = badLines.length < skippedRows ? `${badLines.join(', ')} and others` : badLines.join(', ');
  const columns = leftOut.length === 1 ? 'A column was' : `${count(leftOut.length)} columns were`;
  const left = leftOut.length > 0 && `${columns} left out, for holding lists or maps: ${names(leftOut)}.`;
  if (layout === 'parquet') return ['A Parquet file: it names its columns and tells their types, and the synthetic file has the same.', left].filter(Boolean);
  return [
    sheet !== null && `An Excel workbook: the sheet "${sheet}"${sheets.length > 1 ? ` of ${sheets.length}` : ''}, the last values of its formulas, no formats. Synthetic rows are written as CSV.`,
    header ? `${headerLines > 1 ? `The first ${headerLines} lines of the table, joined, name` : 'The first line of the table names'} the columns.` : 'The first line is data, so the columns are numbered.',
    sheet === null && `Texts may stand in ${quote}${backslash ? `, and ${quote} is written \\${quote} inside` : ''}. Lines end as ${{ lf: 'on Linux and Mac', crlf: 'on Windows', cr: 'on old Macs' }[lineEnd]}.`,
    skippedLines > 0 && `${plural(skippedLines, 'line')} above the table ${skippedLines === 1 ? 'was' : 'were'} left out.`,
    comments && 'Lines that begin with # were left out.',
    footer && `${plural(footer.count, 'record')} below the table ${footer.count === 1 ? 'was' : 'were'} left out, from line ${footer.line}: totals, notes or sources.`,
    skippedRows > 0 && `${plural(skippedRows, 'row')} could not be read and ${skippedRows === 1 ? 'was' : 'were'} left out (line ${lines}).`,
  ].filter(Boolean);
}
