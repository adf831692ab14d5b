// The same tables as curves.py's in a browser tab, one worker.
//
//   node curves.mjs DIR     (with the places that `cargo xtask bench curves` puts into the environment)
//
// DIR/curves.json tells which tables there are, in DIR/curves. It gets the browser's figures, the small tables' first, and the
// tables go.

import fs from 'node:fs';
import path from 'node:path';
import { openBrowser } from './tab.mjs';

const [folder] = process.argv.slice(2);
const file = path.join(folder, 'curves.json');
const curves = JSON.parse(fs.readFileSync(file, 'utf8'));
const browser = await openBrowser();
curves.browser = browser.version;
for (const point of curves.points.toSorted((a, b) => a.rows * a.columns - b.rows * b.columns)) {
  const table = path.join(folder, 'curves', `${point.rows}x${point.columns}.csv`);
  const { read, fit, sample, memory } = await browser.time(table, { numRows: point.rows });
  point.browser = { fit_s: read + fit, sample_s: sample, wasm_mb: memory / 1e6 };
  fs.writeFileSync(file, JSON.stringify(curves, null, 1));
  console.log(`Chromium, ${point.rows} rows, ${point.columns} columns: fit ${(read + fit).toFixed(2)} s; sample ${sample.toFixed(2)} s; ${(memory / 1e6).toFixed(0)} MB`);
}
await browser.close();
fs.rmSync(path.join(folder, 'curves'), { recursive: true });
