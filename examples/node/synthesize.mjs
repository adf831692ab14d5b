// node synthesize.mjs patients.csv synthetic.csv

import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createEngine } from 'standin';

const [from, to] = process.argv.slice(2);
const engine = await createEngine(); // its threads do the work, this one stays free
const model = await engine.fit(await openAsBlob(from), { seed: '7' }); // same file, options and seed: the same bytes
await writeFile(to, model.sample({ numRows: 1000 })); // piece by piece, however many rows
console.log(`${to}: 1000 rows made from ${model.info.rows}`);
engine.terminate();
