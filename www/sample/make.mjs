/**
 * Writes clinic.csv, the sample table: 600 visits to a clinic that does not exist, drawn from rules made up here.
 * `node make.mjs > clinic.csv` gives the same file every time.
 */

const ROWS = 600;
const DEPARTMENTS = [
  // name, share of the visits, usual age, base fee, how often blood pressure is taken
  ['General', 0.38, 48, 45, 0.92],
  ['Physiotherapy', 0.19, 52, 60, 0.55],
  ['Dental', 0.17, 39, 85, 0.12],
  ['Paediatrics', 0.14, 7, 40, 0.7],
  ['Cardiology', 0.12, 64, 120, 0.99],
];

// mulberry32: small, seeded and good enough for a sample.
let state = 20260;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const normal = (mean, spread) => mean + spread * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

function department() {
  let left = random();
  return DEPARTMENTS.find(([, share]) => (left -= share) < 0) ?? DEPARTMENTS[0];
}

function weekday() {
  for (;;) {
    const day = new Date(Date.UTC(2025, 0, 2 + Math.floor(random() * 360)));
    const busy = [0, 1, 0.8, 0.7, 0.8, 0.9, 0.25][day.getUTCDay()]; // closed on Sundays, quiet on Saturdays
    if (random() < busy) return day.toISOString().slice(0, 10);
  }
}

const lines = ['visit_id,visit_date,department,age,temperature_c,systolic,diastolic,fee,follow_up'];
const days = Array.from({ length: ROWS }, weekday).sort();
days.forEach((day, index) => {
  const [name, , usualAge, baseFee, measured] = department();
  const age = Math.round(name === 'Paediatrics' ? clamp(normal(usualAge, 4), 0, 17) : clamp(normal(usualAge, 17), 18, 96));
  const feverish = random() < (name === 'Paediatrics' ? 0.35 : 0.08);
  const temperature = random() < 0.93 ? normal(feverish ? 38.4 : 36.7, feverish ? 0.5 : 0.3).toFixed(1) : '';
  // Both figures of a blood pressure are there, or neither.
  const taken = random() < measured;
  const systolic = Math.round(clamp(normal(98 + age * 0.55, 11), 80, 210));
  const diastolic = Math.round(clamp(systolic * 0.62 + normal(2, 6), 45, 125));
  const fee = random() < 0.06 ? 0 : baseFee * Math.exp(normal(0, 0.25)) + (taken ? 8 : 0);
  const followUp = random() < 0.15 + (feverish ? 0.3 : 0) + (systolic > 145 ? 0.35 : 0);
  const id = `V-${String(4001 + index)}`;
  lines.push([id, day, name, age, temperature, taken ? systolic : '', taken ? diastolic : '', fee.toFixed(2), followUp ? 'yes' : 'no'].join(','));
});
process.stdout.write(`${lines.join('\n')}\n`);
