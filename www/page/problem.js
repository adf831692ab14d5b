/**
 * The one place for what went wrong: a message and a way out, announced at once. Fields show their own small errors.
 */

import { find, goTo, h } from './dom.js';
import { sentence } from './words.js';

const region = () => find('#problem');

/** `ways` are [label, action] pairs, shown as buttons; each closes the message. */
export function showProblem(message, ways = []) {
  const buttons = ways.map(([label, action]) =>
    h('button', { type: 'button', class: 'button', onclick: () => (hideProblem(), action()) }, label),
  );
  const close = h('button', { type: 'button', class: 'button quiet', onclick: hideProblem }, 'Close');
  region().replaceChildren(h('p', {}, sentence(message)), h('div', { class: 'actions' }, buttons, close));
  goTo(region());
}

export function hideProblem() {
  region().hidden = true;
  region().replaceChildren();
}
