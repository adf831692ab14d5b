/**
 * What each column is, as a file: saved from one table, used for the next.
 */

import { download, find } from './dom.js';
import { hideProblem, showProblem } from './problem.js';
import { sentence } from './words.js';

/** `columns()` gives what `showColumns` returned for the table at hand. */
export function offerDescription(columns) {
  const file = find('#description');
  const said = find('#description-said');

  find('#save-description').addEventListener('click', async () => {
    const metadata = await columns().metadata();
    download(new Blob([JSON.stringify(metadata, null, 2), '\n'], { type: 'application/json' }), 'metadata.json');
  });

  find('#use-description').addEventListener('click', () => file.click());
  file.addEventListener('change', async () => {
    const [chosen] = file.files;
    file.value = ''; // so that the same file can be chosen again
    if (!chosen) return;
    hideProblem();
    said.textContent = '';
    try {
      const { notes } = await columns().use(JSON.parse(await chosen.text()));
      said.textContent = ['The saved description is in use.', ...notes.map(sentence)].join(' ');
    } catch (error) {
      showProblem(error instanceof SyntaxError ? 'This is not a saved description: it is not JSON. Choose a metadata.json, as the button beside saves it.' : error.message);
    }
  });
}
