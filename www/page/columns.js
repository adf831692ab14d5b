/**
 * The list of columns: what each was taken for and why, and the edits a person can make: its kind, what counts as
 * missing, and whether it is used. Columns that are worth a look can be shown alone.
 * Wide tables are shown in pages, so that 4,096 columns cost no more than fifty.
 */

import { distribution } from './distribution.js';
import { find, h } from './dom.js';
import { showMade } from './made.js';
import { showPersonal } from './personal.js';
import { KINDS, LEARNED, NEARLY, ROLES, count, linesOf, percent, plural, sentence } from './words.js';

const PAGE = 50;
/** Less sure than this, a person should look. */
const SURE = 0.5;

/** More than one kind fits about as well, and the column will be used. */
const isUnsure = ({ confidence, included, role }) => included && role === 'feature' && confidence < SURE;

/** Unsure, or something in it may stand for no value, or does not fit the rest. */
const isDoubtful = (column) => isUnsure(column) || (column.included && [...column.proposals, column.nearly].some((told) => told?.accepted === false));

/**
 * Shows `inspection` in `host`. `check(metadata)` has the core judge an edit: it resolves with a new inspection or
 * rejects with the reason. Returns { metadata(), use(description) }; the first waits for the edit that is being judged.
 */
export function showColumns(host, inspection, check) {
  let { metadata, columns, machineMade } = inspection;
  let page = 0;
  let wanted = '';
  let onlyDoubtful = false;
  let sayWhy = false; // for every column, and not for the unsure ones alone
  let refused = null; // { name, reason }: the last edit, if the core did not accept it
  let judged = Promise.resolve();

  const body = h('tbody', { role: 'rowgroup' });
  const position = h('p', { class: 'hint', role: 'status' });
  const turn = (step) => ((page += step), render());
  const back = h('button', { type: 'button', class: 'button small', onclick: () => turn(-1) }, 'Previous');
  const forth = h('button', { type: 'button', class: 'button small', onclick: () => turn(1) }, 'Next');
  const search = h('input', { type: 'search', placeholder: 'Find a column', 'aria-label': 'Find a column', oninput: () => ((wanted = search.value.toLowerCase()), (page = 0), render()) });
  const heads = ['Use', 'Column', 'Kind', 'Role', 'Missing', 'Distinct', 'Values'];
  const table = h(
    'table',
    { class: 'columns', role: 'table', 'aria-labelledby': 'columns-title' },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, heads.map((text) => h('th', { role: 'columnheader', scope: 'col' }, text)))),
    body,
  );
  const wide = columns.length > PAGE;
  const doubts = h('div', { class: 'doubts' });
  host.replaceChildren(h('div', { class: 'card table-card' }, doubts, wide && h('div', { class: 'pager' }, search, h('div', { class: 'turn' }, position, back, forth)), table));
  render();

  function render() {
    showMade(find('#made'), machineMade);
    showPersonal(find('#personal'), columns);
    showDoubts();
    const named = wanted ? columns.filter(({ name }) => name.toLowerCase().includes(wanted)) : columns;
    const found = onlyDoubtful ? named.filter(isDoubtful) : named;
    page = Math.min(page, Math.max(0, Math.ceil(found.length / PAGE) - 1));
    const first = page * PAGE;
    const shown = found.slice(first, first + PAGE);
    body.replaceChildren(...shown.map((column) => row(column, columns.indexOf(column))));
    back.disabled = page === 0;
    forth.disabled = first + PAGE >= found.length;
    position.textContent = found.length ? `${count(first + 1)} to ${count(first + shown.length)} of ${count(found.length)}` : 'No column has that in its name';
  }

  /** How many columns are worth a look, and a way to see them alone; and why each kind was chosen. */
  function showDoubts() {
    const many = columns.filter(isDoubtful).length;
    onlyDoubtful &&= many > 0;
    const says = many === 1 ? '1 column is worth a look: show it alone' : `${count(many)} columns are worth a look: show these alone`;
    const only = choice('only-doubtful', says, onlyDoubtful, (on) => ((onlyDoubtful = on), (page = 0)));
    const why = choice('say-why', 'Say why each kind was chosen', sayWhy, (on) => (sayWhy = on));
    doubts.replaceChildren(...(many === 0 || many === columns.length ? [why] : [only, why]));
  }

  function choice(id, text, checked, change) {
    const changed = () => (change(box.checked), render(), document.getElementById(id)?.focus());
    const box = h('input', { type: 'checkbox', id, checked, onchange: changed });
    return h('label', {}, box, ` ${text}`);
  }

  function row(column, index) {
    const { name, sdtype, role, choices, missing, distinct, note, confidence, evidence, proposals, nearly, included } = column;
    const id = `column-${index}`;
    const use = h('input', { type: 'checkbox', id: `${id}-use`, checked: included, 'aria-label': `Use ${name}`, onchange: () => edit(name, leaveOut(name, !use.checked)) });
    const refusal = refused?.name === name && h('span', { class: 'field-error', role: 'alert' }, refused.reason);
    const options = (learned) => choices.filter((kind) => LEARNED.has(kind) === learned).map((kind) => h('option', { value: kind, selected: kind === sdtype }, KINDS[kind] ?? kind));
    const groups = [h('optgroup', { label: 'Learned' }, options(true)), h('optgroup', { label: 'Made up' }, options(false))];
    const select = h('select', { id: `${id}-kind`, 'aria-label': `Kind of ${name}`, onchange: () => edit(name, setKind(name, select.value)) }, groups);
    const unsure = isUnsure(column);
    const sure = unsure ? h('span', { class: 'unsure' }, 'Not sure') : `${percent(confidence)} sure. `;
    const why = (unsure || sayWhy) && h('span', { class: 'evidence' }, sure, sentence(evidence));
    const done = LEARNED.has(sdtype) || role !== 'feature' ? ROLES[role] : ROLES.personal;
    const proposal = (told, at) => {
      const { token, rows, reason, accepted } = told;
      const box = h('input', { type: 'checkbox', id: `${id}-missing-${at}`, checked: accepted, onchange: () => edit(name, countAsMissing(column, told, box.checked)) });
      return h('label', { class: 'proposal' }, box, h('span', {}, `Count \u201c${token}\u201d as missing `, h('span', { class: 'why' }, `(${plural(rows, 'row')}: ${reason})`)));
    };
    const leaveOutRows = () => {
      const box = h('input', { type: 'checkbox', id: `${id}-nearly`, checked: nearly.accepted, onchange: () => edit(name, leaveOutUnfit(column, box.checked)) });
      return h('label', { class: 'proposal' }, box, h('span', {}, `Read as ${NEARLY[nearly.sdtype]} and leave out ${plural(nearly.rows, 'row')} that ${nearly.rows === 1 ? 'is' : 'are'} none `, h('span', { class: 'why' }, `(${linesOf(nearly)})`)));
    };
    const cell = (label, ...content) => h('td', { role: 'cell', 'data-label': label }, ...content);
    return h(
      'tr',
      { role: 'row', class: included ? null : 'left-out' },
      h('td', { role: 'cell', class: 'use' }, use),
      h('th', { role: 'rowheader', scope: 'row' }, h('label', { for: `${id}-use`, class: 'name' }, name), h('span', { class: 'note' }, note), why, included && proposals.map(proposal), included && nearly && leaveOutRows(), refusal),
      cell('Kind', choices.length > 1 ? select : h('span', {}, KINDS[sdtype] ?? sdtype)),
      cell('Role', included ? (done ?? role) : 'Left out'),
      h('td', { role: 'cell', class: 'figure', 'data-label': 'Missing' }, percent(missing)),
      h('td', { role: 'cell', class: 'figure', 'data-label': 'Distinct' }, count(distinct)),
      h('td', { role: 'cell', class: 'values' }, distribution(column.distribution)),
    );
  }

  const leaveOut = (name, out) => (draft) => {
    const names = new Set(draft.standin?.leave_out);
    if (out) names.add(name);
    else names.delete(name);
    draft.standin = { ...draft.standin, leave_out: [...names] };
  };

  const setKind = (name, kind) => (draft) => {
    const table = draft.tables[draft.standin?.table] ?? Object.values(draft.tables)[0];
    if (table.columns[name].sdtype !== kind) delete draft.standin?.columns?.[name]?.leave_out_unfit; // it was about that kind
    table.columns[name].sdtype = kind;
    if (kind !== 'ordinal') delete draft.standin?.columns?.[name]?.order;
  };

  /** Written down are all tokens that count, so that the ones taken out stay out; the core told what the column then is. */
  const countAsMissing = ({ name, proposals }, { token, sdtype }, on) => (draft) => {
    const tokens = proposals.filter((other) => (other.token === token ? on : other.accepted)).map((other) => other.token);
    draft.standin ??= { leave_out: [] };
    draft.standin.columns ??= {};
    draft.standin.columns[name] = { ...draft.standin.columns[name], missing: tokens };
    setKind(name, sdtype)(draft);
    if (sdtype === 'ordinal') delete draft.standin.columns[name].order; // the levels have changed
  };

  /** Rows that are no numbers, or no dates: without them the column is these, with them what it was. */
  const leaveOutUnfit = ({ name, nearly }, on) => (draft) => {
    setKind(name, on ? nearly.sdtype : nearly.otherwise)(draft);
    if (!on) return;
    draft.standin ??= { leave_out: [] };
    draft.standin.columns ??= {};
    draft.standin.columns[name] = { ...draft.standin.columns[name], leave_out_unfit: true };
  };

  /** Makes one change after the other, each only when the core accepts it; a refused one is undone and explained. */
  function edit(name, change) {
    judged = judged.then(async () => {
      const draft = structuredClone(metadata);
      change(draft);
      refused = null;
      try {
        ({ metadata, columns, machineMade } = await check(draft));
      } catch (error) {
        refused = { name, reason: sentence(error.message) };
      }
      const focused = document.activeElement.id;
      render();
      if (focused) document.getElementById(focused)?.focus();
    });
  }

  /** Takes a whole description in place of the present one. Rejects with the reason, and then nothing has changed. */
  function use(description) {
    const taken = judged.then(async () => {
      const inspection = await check(description);
      ({ metadata, columns, machineMade } = inspection);
      refused = null;
      render();
      return inspection;
    });
    judged = taken.catch(() => {});
    return taken;
  }

  return { metadata: () => judged.then(() => metadata), use };
}
