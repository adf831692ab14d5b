// Writes an invented table of orders as CSV, of any size: `writeTable(path, bytes)`. The same bytes every time.
//
// It is meant to be like what people have: a key, a moment, a day, places that go together, a few categories, whole
// numbers, prices, a measure with gaps, and a remark in quotes, some with a delimiter or a quote inside. About 99 bytes
// a row; the key is unique, one remark in three is.

import fs from 'node:fs';

const COUNTRIES = ['Austria', 'Belgium', 'Brazil', 'Canada', 'Chile', 'Czechia', 'Denmark', 'Finland', 'France', 'Germany', 'Ghana', 'Greece', 'India', 'Ireland', 'Italy', 'Japan', 'Kenya', 'México', 'Norway', 'Österreich', 'Peru', 'Poland', 'Spain', 'Sweden'];
const STATES = ['delivered', 'delivered', 'delivered', 'delivered', 'shipped', 'shipped', 'open', 'returned'];
const WORDS = 'the parcel came late early again with wrong right colour size box was damaged fine returned call before noon leave at door neighbour thanks please quick'.split(' ');

export function writeTable(path, bytes) {
  const file = fs.openSync(path, 'w');
  let text = 'order_id,placed_at,due,country,city,status,member,quantity,price,weight_kg,score,remark\n';
  let written = 0;
  let rows = 0;
  for (; written + text.length < bytes; rows++) {
    text += row(rows);
    if (text.length > 1 << 20) {
      written += fs.writeSync(file, text);
      text = '';
    }
  }
  written += fs.writeSync(file, text);
  fs.closeSync(file);
  return { rows, bytes: written };
}

function row(i) {
  const country = Math.floor(24 * unit() * unit());
  const city = `${COUNTRIES[country].slice(0, 4)}-${Math.floor(60 * unit() * unit())}`;
  const moment = new Date(1.6e12 + i * 9e3 + Math.floor(unit() * 9) * 1e3).toISOString();
  const due = new Date(1.6e12 + i * 9e3 + Math.floor(1 + unit() * 20) * 864e5).toISOString().slice(0, 10);
  const quantity = 1 + Math.floor(-3 * Math.log(1 - unit()));
  const price = (quantity * Math.exp(2 + unit() + unit() + country / 20)).toFixed(2);
  const weight = unit() < 0.1 ? '' : (quantity * (0.2 + unit())).toFixed(3);
  const member = unit() < 0.3 + country / 60 ? 'yes' : 'no';
  return `C-${String(i).padStart(9, '0')},${moment.slice(0, 10)} ${moment.slice(11, 19)},${due},${COUNTRIES[country]},${city},${pick(STATES)},${member},${quantity},${price},${weight},${Math.floor(unit() * 101)},${remark(i)}\n`;
}

function remark(i) {
  const kind = unit();
  if (kind < 0.5) return '';
  const words = Array.from({ length: 2 + Math.floor(unit() * 4) }, () => pick(WORDS)).join(' ');
  if (kind < 0.66) return pick(WORDS);
  if (kind < 0.8) return `"${words}, see ${i}"`;
  return kind < 0.85 ? `"they said ""${words}"""` : `${words} ${i % 9973}`;
}

const pick = (list) => list[Math.floor(unit() * list.length)];

/** Uniform on [0, 1): xorshift32 (Marsaglia 2003), the same in every engine. */
let state = 2463534242;
function unit() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}
