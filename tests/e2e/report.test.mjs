// The report on the page: what is asked, what is shown of it, what can be taken along.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { choose, download, generate, openBrowser, openTab, problem, standinHtml } from './harness.mjs';

let browser;
let page;
before(async () => {
  browser = await openBrowser();
  page = await browser.open(standinHtml);
});
after(() => browser.close());

const figures = async () => JSON.parse((await download(page, 'Figures as JSON')).bytes.toString());
const byName = (scores) => Object.fromEntries(scores.map((score) => [score.key, score]));

/** Sex and income hang together, so there is something to predict and somebody to wrong. */
const people = (rows) => {
  const line = (i) => {
    const sex = (i * 7919) % 13 < 6 ? 'f' : 'm';
    const age = 18 + ((i * 104729) % 61);
    const high = age + (sex === 'm' ? 12 : 0) + ((i * 31) % 23) > 62;
    return `${age},${sex},${['north', 'south', 'west'][(i * 17) % 3]},${high ? 'high' : 'low'}`;
  };
  return `age,sex,region,income\n${Array.from({ length: rows }, (_, i) => line(i)).join('\n')}\n`;
};

test('what is asked is proposed, can be changed, and is judged again without new rows', async () => {
  await choose(page, { name: 'people.csv', content: people(1500) });
  await page.click('#more summary');
  const target = page.getByLabel('What will be predicted?');
  assert.equal(await target.first().inputValue(), 'income');
  const chosen = () => page.$$eval('#ask [type=checkbox]', (boxes) => boxes.filter(({ checked }) => checked).map(({ value }) => value));
  assert.deepEqual(await chosen(), ['age', 'sex']);

  await page.selectOption('#ask-more', 'region');
  await page.locator('#ask').getByRole('button', { name: 'Add' }).click();
  await page.locator('#ask').getByLabel('age').uncheck();
  assert.deepEqual(await chosen(), ['sex', 'region']);
  await page.getByLabel('Kind of age').selectOption('categorical');
  await page.waitForFunction(() => document.querySelector('[aria-label="Kind of age"]').value === 'categorical');
  assert.deepEqual(await chosen(), ['sex', 'region'], 'what was chosen stays when a column changes');

  await generate(page, { seed: '4' });
  assert.equal(await problem(page), null);
  const first = await figures();
  const rows = (await download(page)).bytes;
  assert.deepEqual([...new Set(first.groups.map(({ column }) => column))].sort(), ['region', 'sex']);
  assert.match(byName(first.scores).tstr.sentence, /"income"/);
  assert.match(await page.textContent('.asking'), /can \u201cincome\u201d be predicted, and are the groups of sex and region treated alike/);

  await page.getByText('Ask something else').click();
  await page.selectOption('#again-target', 'sex');
  for (const name of ['sex', 'region']) await page.locator('.asking').getByLabel(name, { exact: true }).uncheck();
  await page.getByRole('button', { name: 'Judge again' }).click();
  await page.waitForFunction(() => /predicted\?$/.test(document.querySelector('.asking > .hint')?.textContent));
  const second = await figures();
  assert.ok((await download(page)).bytes.equals(rows), 'the same rows');
  assert.match(byName(second.scores).tstr.sentence, /"sex"/);
  assert.deepEqual(second.groups, []);
  assert.deepEqual(byName(second.scores).shapes, byName(first.scores).shapes);
  assert.match(await page.textContent('.dials'), /How varied it is/);
  assert.doesNotMatch(await page.textContent('.verdict-line'), /\bfair\b/, 'nobody was compared');
  await openTab(page, 'Fairness');
  assert.match(await page.textContent('#panel-fairness'), /Choose above whose groups/);
  assert.equal(await target.first().inputValue(), 'sex', 'the next rows are asked the same');
  assert.deepEqual(page.problems, []);
  await page.click('#restart');
});

test('the dials, the tabs and the files say the same as the figures', async () => {
  await choose(page, { name: 'people.csv', content: people(1500) });
  await generate(page, { seed: '5' });
  const report = await figures();
  assert.ok(!('html' in report) && !('charts' in report), 'figures alone');
  const words = { good: 'Good', look: 'Worth a look', bad: 'Problem' };
  const dials = await page.$$eval('.dial .verdict', (all) => all.map((one) => one.textContent));
  assert.deepEqual(dials, report.dials.map(({ verdict }) => words[verdict]));
  for (const [name, side] of [['Truth', 'truth'], ['Utility', 'utility'], ['Safety', 'safety'], ['Fairness', 'fairness']]) {
    await openTab(page, name);
    const shown = await page.$$eval(`#panel-${side} .score-name`, (all) => all.map((one) => one.textContent));
    const told = report.scores.filter((score) => score.side === side).map((score) => score.name);
    assert.deepEqual(shown.sort(), told.sort(), side);
  }
  await openTab(page, 'All figures');
  assert.equal(await page.locator('#panel-figures > .scroller tbody tr').count(), report.scores.length);
  await openTab(page, 'Rows');
  assert.equal(await page.locator('#panel-rows .preview tbody tr').count(), 10);

  const html = await download(page, 'Report as HTML');
  assert.equal(html.name, 'people-report.html');
  const text = html.bytes.toString();
  assert.match(text, /^<!doctype html>/);
  assert.ok(!/<script|src=|href="http/.test(text) && text.length < 1e6);
  assert.ok(report.scores.every(({ name }) => text.includes(name)));
  await page.click('#restart');
});

test('charts have a sentence and their figures, and any column can be looked at', async () => {
  await page.click('#sample');
  await page.waitForSelector('#columns:not([hidden])');
  await generate(page, { seed: '2' });
  const charts = page.locator('#panel-truth .chart-card');
  const first = await charts.count();
  for (const chart of await charts.all()) {
    assert.match(await chart.locator('.sentence').textContent(), /\S \S/);
    assert.ok((await chart.locator('tbody tr').count()) > 0);
    assert.ok((await chart.locator('svg :is(path, rect, circle, polyline, polygon, line)').count()) > 0);
  }
  assert.equal(await page.locator('.chart-card svg [id], .chart-card svg [style]').count(), 0, 'nothing comes in but shapes and words');
  const other = page.getByLabel('Look at another column');
  const title = await other.locator('option').nth(2).textContent();
  assert.ok(!(await charts.locator('h4').allTextContents()).includes(title));
  await other.selectOption({ label: title });
  assert.equal(await charts.count(), first + 1);
  assert.ok((await charts.locator('h4').allTextContents()).includes(title));
  assert.deepEqual(page.problems, []);
  await page.click('#restart');
});

test('five generations are tried, and in the end all rows are learned from', async () => {
  await choose(page, { name: 'people.csv', content: people(400) });
  await generate(page, { seed: '5' });
  const rows = (await download(page)).bytes;
  const first = await figures();
  assert.deepEqual(first.rows, { train: 300, holdout: 100, synthetic: 400, lookedAt: null, heldOut: 'rows' });
  assert.deepEqual(first.generations, []);
  await openTab(page, 'Fairness');
  await page.getByRole('button', { name: /^Test what happens when models/ }).click();
  await page.waitForSelector('#panel-fairness:not([hidden]) :text("When a model learns from its own output")');
  const guarded = await figures();
  assert.deepEqual(guarded.generations.map(({ generation }) => generation), [0, 1, 2, 3, 4, 5, 6]);
  assert.ok(byName(guarded.scores).collapse.value > 0.5);
  assert.equal(await page.getByRole('button', { name: /^Test what happens when models/ }).count(), 0, 'once is enough');
  assert.ok((await download(page)).bytes.equals(rows), 'the same rows');
  await page.getByRole('button', { name: 'Learn again from all rows' }).click();
  await page.waitForSelector('#outcome :text("learned from all of your 400 rows")');
  assert.ok(!(await download(page)).bytes.equals(rows), 'other rows');
  assert.deepEqual(await figures(), guarded, 'the figures stay those of the held-out rows');
  assert.deepEqual(page.problems, []);
  await page.click('#restart');
});

test('a small table is never called safe, and says so', async () => {
  await choose(page, { name: 'few.csv', content: people(120) });
  await generate(page, { seed: '6' });
  assert.match(await page.textContent('#outcome > .notice'), /only 120 rows.*treat the synthetic rows as if they were real ones/);
  assert.doesNotMatch(await page.textContent('.verdict-line'), /found nobody/);
  await openTab(page, 'Utility');
  assert.match(await page.textContent('#panel-utility'), /none to spare/);
  assert.deepEqual(page.problems, []);
});
