/**
 * A progress bar with phase, percent, time left and Cancel. Screen readers hear the phase and each quarter, not every tick.
 */

import { h } from './dom.js';
import { PHASES, duration, percent } from './words.js';

/**
 * Runs `work({ signal, onProgress })` while a bar is shown in `host`, and gives back what it gives. `phases` is the order
 * in which the phases will come.
 */
export async function withProgress(host, phases, work) {
  const abort = new AbortController();
  const title = h('p', { class: 'progress-title' }, PHASES[phases[0]]);
  const bar = h('progress', { max: 1, 'aria-label': 'Progress' });
  const detail = h('p', { class: 'progress-detail' });
  const spoken = h('p', { class: 'visually-hidden', role: 'status' });
  const cancel = h('button', { type: 'button', class: 'button', onclick: () => abort.abort() }, 'Cancel');
  const box = h('div', { class: 'progress', tabindex: -1, role: 'group', 'aria-label': 'Work in progress' }, h('div', { class: 'progress-head' }, title, cancel), bar, detail, spoken);
  host.replaceChildren(box);
  host.hidden = false;
  box.focus(); // not Cancel itself, which a held Enter key would press

  let said = '';
  const onProgress = ({ phase, done, total, etaMs }) => {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    // A phase that was not announced is the table being read again by a new worker.
    const step = phases.length > 1 && phases.includes(phase) ? `Step ${phases.indexOf(phase) + 1} of ${phases.length}: ` : '';
    // The last stretch of a comparison is one piece of work that cannot be measured from here.
    const unmeasured = phase === 'report' && share === 1;
    title.textContent = PHASES[phase];
    if (unmeasured) bar.removeAttribute('value');
    else bar.value = share;
    const left = etaMs === null || share === 1 ? '' : ` · ${duration(etaMs)} left`;
    detail.textContent = unmeasured ? `${step}nearly there` : `${step}${percent(share)}${left}`;

    const quarter = `${step}${PHASES[phase]}, ${Math.floor(share * 4) * 25} percent`;
    if (quarter !== said) spoken.textContent = said = quarter;
  };
  try {
    return await work({ signal: abort.signal, onProgress });
  } finally {
    host.hidden = true;
    host.replaceChildren();
  }
}
