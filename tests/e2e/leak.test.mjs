// Does anything leave the page? A test that can fail: a twin of the page that leaks must be caught, and the page's policy
// must stop even that twin.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { dist, generate, leak, openBrowser, problem, serve } from './harness.mjs';

let browser;
before(async () => (browser = await openBrowser()));
after(() => browser.close());

/** Goes through the sample table and gives back what the server and the console saw. */
async function watch(file) {
  const server = await serve(file);
  const page = await browser.open(server.url);
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  await page.click('#sample');
  await page.waitForSelector('#columns:not([hidden])');
  await generate(page, { rows: 600, seed: '1' });
  assert.equal(await problem(page), null);
  await page.waitForTimeout(300); // a late request would still arrive
  await page.close();
  await server.close();
  return { after: server.requests.slice(1), said: said.join('\n') };
}

test('the page makes no request after it was loaded', async () => {
  const { after, said } = await watch(join(dist, 'standin.html'));
  assert.deepEqual(after, []);
  assert.equal(said, '');
});

test('a leaking page is caught by this test', async () => {
  const { after } = await watch(join(leak, 'standin.html'));
  assert.ok(after.includes('POST /leak'), after.join());
});

test('the policy of the page stops the same leak', async () => {
  const { after, said } = await watch(join(leak, 'standin-csp.html'));
  assert.deepEqual(after, []);
  assert.match(said, /connect-src 'none'/);
});
