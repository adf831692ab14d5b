/**
 * Tells, before anything is generated, which columns tell of persons and what becomes of them.
 */

import { h } from './dom.js';
import { KINDS, plural, sentence } from './words.js';

const SHOWN = 12;

/** Fills `host` with what there is to tell; hides it where there is nothing. */
export function showPersonal(host, columns) {
  const told = columns.filter(({ included, personal }) => included && personal);
  const [made, learned] = [true, false].map((madeUp) => told.filter(({ personal }) => personal.madeUp === madeUp));
  host.hidden = told.length === 0;
  host.replaceChildren(
    h('h2', {}, made.length ? `${plural(made.length, 'column')} ${made.length === 1 ? 'looks' : 'look'} personal` : 'Some columns tell of persons'),
    made.length > 0 && h('p', {}, made.length === 1 ? 'It will be filled with made-up values.' : 'They will be filled with made-up values.', ' Yours are not used.'),
    made.length > 0 && list(made),
    learned.length > 0 && h('p', {}, made.length ? 'These tell of persons too, but are learned like any other column:' : 'They are learned like any other column:'),
    learned.length > 0 && list(learned),
    h('p', { class: 'hint' }, 'Not right? Change the kind of a column, or leave it out, in the table below.'),
  );
}

function list(columns) {
  const item = ({ name, sdtype, personal }) => h('li', {}, h('strong', {}, name), ` ${KINDS[sdtype] ?? sdtype}`, h('span', { class: 'note' }, sentence(personal.evidence)));
  const more = columns.length - SHOWN;
  return h('ul', {}, columns.slice(0, SHOWN).map(item), more > 0 && h('li', {}, `and ${plural(more, 'more column')}`));
}
