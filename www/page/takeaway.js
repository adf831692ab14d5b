/**
 * The files to take away.
 */

import { FORMATS, baseName } from '../lib/formats.js';
import { download, h } from './dom.js';
import { fileSize } from './words.js';

/** `croissant(file, figures)`: gives the metadata of the synthetic file of that name; null where the library cannot. */
export function takeaway({ name, csv, model, report }, croissant) {
  const base = baseName(name);
  const [format, ending] = FORMATS[csv.type];
  const saved = new Blob([model.save()], { type: 'application/octet-stream' });
  const file = `${base}-synthetic.${ending}`;
  return h(
    'div',
    { class: 'takeaway' },
    button(`Download synthetic ${format}`, csv, file, 'primary'),
    button('Save the model', saved, `${base}.standin`),
    report?.html && button('Report as HTML', new Blob([report.html], { type: 'text/html' }), `${base}-report.html`),
    report && button('Figures as JSON', json(figures(report)), `${base}-figures.json`),
    croissant && made('Metadata (Croissant)', () => croissant(file, report && figures(report)), `${file}.croissant.json`),
  );
}

const button = (label, blob, fileName, style = '') => h('button', { type: 'button', class: `button ${style}`, onclick: () => download(blob, fileName) }, label, h('small', {}, fileSize(blob.size)));

/** A file that is made when it is wanted; where it cannot be made, `make` gives nothing and has said so. */
function made(label, make, fileName) {
  const save = async () => {
    const value = await make();
    if (value) download(json(value), fileName);
  };
  return h('button', { type: 'button', class: 'button', onclick: save }, label);
}

const json = (value) => new Blob([JSON.stringify(value, null, 1), '\n'], { type: 'application/json' });

/** Without what is drawn from them. */
function figures({ charts, lists, html, ...rest }) {
  return rest;
}
