/**
 * Warns where the table that came in looks made by a machine: what is learned from such a table tells of that machine.
 */

import { h } from './dom.js';
import { sentence } from './words.js';

/** Fills `host` with the reasons; hides it where there are none. */
export function showMade(host, made) {
  host.hidden = !made;
  host.replaceChildren(
    h('h2', {}, 'This table looks made by a machine'),
    h('p', {}, 'Synthetic rows that are learned from it repeat what that machine got wrong, and tell nothing of the world.'),
    h('ul', {}, (made?.reasons ?? []).map((reason) => h('li', {}, sentence(reason)))),
    h('p', { class: 'hint' }, 'If the rows were measured or written down by people, go on: this is a guess from how the values are spread.'),
  );
}
