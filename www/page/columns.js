/**
 * The list of columns: what each was taken for, and the two edits a person can make, its kind and whether it is used.
 * Wide tables are shown in pages, so that 4,096 columns cost no more than fifty.
 */

import { distribution } from './distribution.js';
import { h } from './dom.js';
import { KINDS, ROLES, count, percent, sentence } from './words.js';

const PAGE = 50;

/**
 * Shows `inspection` in `host`. `check(metadata)` has the core judge an edit: it resolves with a new inspection or
 * rejects with the reason. Returns { metadata(), use(description) }; the first waits for the edit that is being judged.
 */
export function showColumns(host, inspection, check) {
  let { metadata, columns } = inspection;
  let page = 0;
  let wanted = '';
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
  host.replaceChildren(h('div', { class: 'card table-card' }, wide && h('div', { class: 'pager' }, search, h('div', { class: 'turn' }, position, back, forth)), table));
  render();

  function render() {
    const found = wanted ? columns.filter(({ name }) => name.toLowerCase().includes(wanted)) : columns;
    const first = page * PAGE;
    const shown = found.slice(first, first + PAGE);
    body.replaceChildren(...shown.map((column) => row(column, columns.indexOf(column))));
    back.disabled = page === 0;
    forth.disabled = first + PAGE >= found.length;
    position.textContent = found.length ? `${count(first + 1)} to ${count(first + shown.length)} of ${count(found.length)}` : 'No column has that in its name';
  }

  function row(column, index) {
    const { name, sdtype, role, choices, missing, distinct, note, included } = column;
    const id = `column-${index}`;
    const use = h('input', { type: 'checkbox', id: `${id}-use`, checked: included, 'aria-label': `Use ${name}`, onchange: () => edit(name, leaveOut(name, !use.checked)) });
    const refusal = refused?.name === name && h('span', { class: 'field-error', role: 'alert' }, refused.reason);
    const options = choices.map((kind) => h('option', { value: kind, selected: kind === sdtype }, KINDS[kind] ?? kind));
    const select = h('select', { id: `${id}-kind`, 'aria-label': `Kind of ${name}`, onchange: () => edit(name, setKind(name, select.value)) }, options);
    const cell = (label, ...content) => h('td', { role: 'cell', 'data-label': label }, ...content);
    return h(
      'tr',
      { role: 'row', class: included ? null : 'left-out' },
      h('td', { role: 'cell', class: 'use' }, use),
      h('th', { role: 'rowheader', scope: 'row' }, h('label', { for: `${id}-use`, class: 'name' }, name), h('span', { class: 'note' }, note), refusal),
      cell('Kind', choices.length > 1 ? select : h('span', {}, KINDS[sdtype] ?? sdtype)),
      cell('Role', included ? (ROLES[role] ?? role) : 'Left out'),
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
    table.columns[name].sdtype = kind;
  };

  /** Makes one change after the other, each only when the core accepts it; a refused one is undone and explained. */
  function edit(name, change) {
    judged = judged.then(async () => {
      const draft = structuredClone(metadata);
      change(draft);
      refused = null;
      try {
        ({ metadata, columns } = await check(draft));
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
      ({ metadata, columns } = inspection);
      refused = null;
      render();
      return inspection;
    });
    judged = taken.catch(() => {});
    return taken;
  }

  return { metadata: () => judged.then(() => metadata), use };
}
