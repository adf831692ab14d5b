/**
 * What a report is to ask about: a column that will be predicted, and columns whose groups should be treated alike. Both are
 * proposed by name, and a person decides.
 */

import { h } from './dom.js';
import { listed } from './words.js';

/** Kinds that can be predicted, or that part people into groups. */
const ASKABLE = new Set(['numerical', 'categorical', 'ordinal', 'boolean']);

const isAskable = ({ included, role, sdtype }) => included && role === 'feature' && ASKABLE.has(sdtype);

/**
 * The two choosers in `host`. `offer(inspection, asked)` fills them, with the proposals where nothing was asked yet; what a
 * person has chosen stays when columns change, as far as it can. `asked()` gives { target, protected }, as a report takes it.
 */
export function askAbout(host, prefix) {
  let asked = null; // what a person chose
  let offered = { columns: [], roles: { target: null, protected: [] } };
  let boxed = []; // columns of groups with a box, ticked or not

  const names = () => offered.columns.filter(isAskable).map(({ name }) => name);

  const now = () => {
    const known = names();
    const { target, protected: groups } = asked ?? { target: offered.roles.target ?? '', protected: offered.roles.protected };
    return { target: known.includes(target) ? target : '', protected: groups.filter((name) => known.includes(name)) };
  };

  const set = (change) => {
    asked = { ...now(), ...change };
  };

  function render() {
    const known = names();
    const { target, protected: groups } = now();
    const option = (name) => h('option', { value: name, selected: name === target }, name);
    const select = h('select', { id: `${prefix}-target`, 'aria-describedby': `${prefix}-target-hint`, onchange: () => set({ target: select.value }) }, h('option', { value: '', selected: target === '' }, 'Nothing in particular'), known.map(option));
    boxed = known.filter((name) => groups.includes(name) || boxed.includes(name) || offered.roles.protected.includes(name));
    const others = known.filter((name) => !boxed.includes(name));
    const more = h('select', { id: `${prefix}-more`, 'aria-label': 'Another column of groups' }, h('option', { value: '' }, 'Another column\u2026'), others.map((name) => h('option', { value: name }, name)));
    const add = () => {
      if (more.value === '') return more.focus();
      const name = more.value;
      set({ protected: [...now().protected, name] });
      render();
      host.querySelector(`[value="${CSS.escape(name)}"][type=checkbox]`)?.focus();
    };
    host.replaceChildren(
      h('div', { class: 'field' }, h('label', { for: select.id }, 'What will be predicted?'), select, h('p', { id: `${prefix}-target-hint`, class: 'hint' }, 'It is learned once from the synthetic rows and once from yours, and the two are compared.')),
      h(
        'fieldset',
        { class: 'groups' },
        h('legend', {}, 'Whose groups should be treated alike?'),
        h('p', { class: 'hint' }, 'Each group, such as women and men, should be as large and fare as it does in your rows.'),
        boxed.length > 0 && h('div', { class: 'group-list' }, boxed.map((name) => box(name, groups.includes(name)))),
        others.length > 0 && h('div', { class: 'group-more' }, more, h('button', { type: 'button', class: 'button small', onclick: add }, 'Add')),
      ),
    );
  }

  function box(name, checked) {
    const input = h('input', { type: 'checkbox', value: name, checked, onchange: () => set({ protected: input.checked ? [...now().protected, name] : now().protected.filter((other) => other !== name) }) });
    return h('label', {}, input, ` ${name}`);
  }

  return {
    offer(inspection, chosen = asked) {
      if (chosen === null) boxed = [];
      offered = inspection;
      asked = chosen;
      render();
    },
    asked: now,
  };
}

/** "Asked: can income be predicted, and are the groups of sex and race treated alike?" */
export function askedAbout({ target, protected: groups }) {
  const shown = groups.length > 4 ? [...groups.slice(0, 3), `${groups.length - 3} others`] : groups;
  const parts = [target && `can \u201c${target}\u201d be predicted`, groups.length > 0 && `are the groups of ${listed(shown)} treated alike`].filter(Boolean);
  return parts.length > 0 ? `Asked: ${parts.join(', and ')}?` : 'Nothing was to be predicted, and no groups were compared.';
}
