/**
 * Lets a person see the browser refuse, way by way. The address ends in .invalid, which by its definition never exists, so a
 * page that was served without the policy sends nothing to anybody either.
 */

import { find, h } from './dom.js';
import { mark } from './verdict.js';
import { WAYS } from './ways.js';
import { count } from './words.js';

const ADDRESS = 'https://standin.invalid/';
const TEXT = 'test';
const WAIT_MS = 500; // a refusal is told within a few milliseconds
const BREATH_MS = 60; // some refusals are told twice, and the second is not the next way's

/** What became of a way: the word, and the mark beside it. */
const OUTCOMES = {
  refused: ['good', 'Refused'],
  lacking: ['good', 'Not in this browser'],
  untold: ['look', 'Your browser does not say'],
  free: ['look', 'No policy in a page governs it'],
  open: ['bad', 'Not refused'],
};

export function offerProof() {
  const [button, list] = [find('#try-send'), find('#ways')];
  button.addEventListener('click', async () => {
    button.disabled = true;
    list.replaceChildren();
    list.hidden = false;
    find('#untried').hidden = true;
    find('#try-result').textContent = 'Trying…';
    const outcomes = [];
    for (const way of WAYS) {
      const [outcome, by] = await attempt(way);
      outcomes.push(outcome);
      list.append(line(way, outcome, by));
    }
    find('#try-result').textContent = summary(outcomes);
    find('#untried').hidden = false;
    button.disabled = false;
  });
}

/** Resolves with the outcome, and what refused it. */
async function attempt({ name, go, lacks, quiet, free }) {
  if (lacks?.()) return ['lacking'];
  const over = new AbortController();
  const by = await new Promise((resolve) => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective), over);
    setTimeout(resolve, WAIT_MS, null);
    new Promise((start) => start(go(ADDRESS + name, TEXT))).then((own) => own && resolve(own), () => {});
  });
  over.abort();
  await new Promise((resolve) => setTimeout(resolve, BREATH_MS));
  return [by ? 'refused' : free ? 'free' : quiet ? 'untold' : 'open', by];
}

function line({ name, says }, outcome, by) {
  const [verdict, word] = OUTCOMES[outcome];
  return h('li', { class: verdict, 'data-way': name, 'data-outcome': outcome }, h('span', { class: 'way' }, says, by && h('code', {}, by)), h('span', { class: 'verdict' }, mark(verdict), word));
}

function summary(outcomes) {
  const of = (wanted) => outcomes.filter((outcome) => outcome === wanted).length;
  if (of('open') > 0) return 'Not refused: this copy of the page was served without its policy. Do not use it for data that matters.';
  const governed = outcomes.length - of('lacking') - of('free');
  const rest = [of('untold') > 0 && 'Of the rest your browser does not say.', of('free') > 0 && 'A call to another browser is not among them: no policy in a page can refuse it, and the page cannot see whether something else does.'].filter(Boolean);
  return [`Refused by the browser: ${count(of('refused'))} of ${count(governed)} ways to send something.`, ...rest].join(' ');
}
