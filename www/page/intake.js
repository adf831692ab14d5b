/**
 * The ways in: drop, choose, paste, sample. Each ends in `open(blob, name)`.
 */

import { sampleCsv } from 'standin-sample';
import { find } from './dom.js';

export function takeFiles(open) {
  const start = find('#start');
  const drop = find('#drop');
  const file = find('#file');
  const pasted = find('#pasted');
  const ready = () => !start.hidden && !find('#intake').hidden;
  const openText = (text) => open(new Blob([text], { type: 'text/csv' }), 'pasted.csv');

  find('#choose').addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    const [chosen] = file.files;
    if (chosen) open(chosen, chosen.name);
    file.value = ''; // so that the same file can be chosen again
  });
  find('#sample').addEventListener('click', () => open(new Blob([sampleCsv], { type: 'text/csv' }), 'clinic.csv'));
  find('#use-pasted').addEventListener('click', () => openText(pasted.value));

  document.addEventListener('paste', (event) => {
    if (!ready() || event.target === pasted) return;
    const [copied] = event.clipboardData.files;
    const text = event.clipboardData.getData('text/plain');
    if (copied) open(copied, copied.name);
    else if (text) openText(text);
  });

  // The whole window takes the drop: a near miss would otherwise make the browser leave the page for the file.
  let depth = 0;
  const mark = (step) => {
    depth = step === 0 ? 0 : depth + step;
    drop.classList.toggle('over', depth > 0);
  };
  addEventListener('dragenter', () => mark(1));
  addEventListener('dragleave', () => mark(-1));
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    mark(0);
    const [dropped] = event.dataTransfer.files;
    const text = event.dataTransfer.getData('text/plain');
    if (!ready()) return;
    if (dropped) open(dropped, dropped.name);
    else if (text) openText(text);
  });
}
