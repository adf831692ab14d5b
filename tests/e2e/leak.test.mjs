// Does anything leave the page? A test that can fail: a twin of the page that leaks must be caught, and the page's policy
// must stop even that twin.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { dist, generate, leak, openBrowser, problem, serve } from './harness.mjs';

let browser;
before(async () => (browser = await openBrowser()));
after(() => browser.close());

/** Goes through the sample table and gives back the later requests, and what the browser refused to the worker. */
async function watch(file) {
  const server = await serve(file);
  const page = await browser.open(server.url);
  const worker = page.workers()[0] ?? (await page.waitForEvent('worker'));
  await worker.evaluate(() => {
    self.refused = [];
    self.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => self.refused.push(effectiveDirective));
  });
  await page.click('#sample');
  await page.waitForSelector('#columns:not([hidden])');
  await generate(page, { rows: 600, seed: '1' });
  assert.equal(await problem(page), null);
  await page.waitForTimeout(300); // a late request would still arrive
  const refused = await worker.evaluate(() => self.refused);
  await page.close();
  await server.close();
  return { after: server.requests.slice(1), refused };
}

test('the page makes no request after it was loaded', async () => {
  const { after, refused } = await watch(join(dist, 'standin.html'));
  assert.deepEqual(after, []);
  assert.deepEqual(refused, []);
});

test('a leaking page is caught by this test', async () => {
  const { after } = await watch(join(leak, 'standin.html'));
  assert.ok(after.includes('POST /leak'), after.join());
});

test('the policy of the page stops the same leak', async () => {
  const { after, refused } = await watch(join(leak, 'standin-csp.html'));
  assert.deepEqual(after, []);
  assert.ok(refused.includes('connect-src'), 'the leak was not even tried');
});
