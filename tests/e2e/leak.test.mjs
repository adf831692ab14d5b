// Does anything leave the page? In every browser the whole job is done while a canary listens to which every name leads. A test
// that can fail: twins of the page that send what they read by every way there is must be heard, and it is told which layer
// stops which way. What no layer stops in a browser is stated here too, so that SECURITY.md does not say more than is so.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { openCanary, ownAddress } from './canary.mjs';
import { missing, openOther } from './drivers.mjs';
import { dist, download, generate, leak, openBrowser, problem, serve, siteHeaders } from './harness.mjs';

const headersOfSite = await siteHeaders();
const SETTLE_MS = 1500; // a late message would still arrive
/** A browser may put a prefetch off until its link is gone: so often a page that leaks is visited at most, until all that can arrive did. */
const VISITS = 3;
/** Of the ways that the policy in the page does not govern, those that every browser has. */
const BEYOND_POLICY = ['connection', 'navigation'];
const GOVERNED = ['audio', 'beacon', 'css', 'eventsource', 'fetch', 'font', 'form', 'iframe', 'image', 'object', 'prefetch', 'reader', 'stylesheet', 'websocket', 'worker', 'xhr'];
/** A call needs an interface other than the loopback. */
const CALL = ownAddress ? ['webrtc'] : [];

/** Chromium asks these for itself, about updates and the shape of forms, whatever the page: they are told to be nowhere. */
const OF_CHROMIUM = ['*.googleapis.com', '*.google.com'].map((name) => `MAP ${name} ~NOTFOUND`).join(', ');

/** `lacks`, `lacksFromDisk`: what does not arrive though nothing forbids it. `beyondHeaders`: what our headers do not stop in it either. */
const BROWSERS = {
  Chromium: { open: (canary) => openBrowser([`--host-resolver-rules=${OF_CHROMIUM}, MAP * ${canary.address}:${canary.port}, EXCLUDE 127.0.0.1`]), call: CALL, lacks: [], lacksFromDisk: [], beyondHeaders: [] },
  Firefox: { open: (canary) => openOther('Firefox', { 'network.dns.forceResolve': canary.address }), call: CALL, lacks: [], lacksFromDisk: ['audio', 'css', 'image', 'prefetch'], beyondHeaders: [...BEYOND_POLICY, ...CALL] },
  WebKit: { open: () => openOther('WebKit'), call: [], lacks: ['prefetch'], lacksFromDisk: ['prefetch'], beyondHeaders: BEYOND_POLICY },
};

for (const [name, { open, call, lacks, lacksFromDisk, beyondHeaders }] of Object.entries(BROWSERS)) {
  describe(name, () => {
    const skip = missing(name);
    let canary;
    let browser;
    before(async () => {
      canary = await openCanary();
      browser = skip || (await open(canary));
    });
    after(async () => {
      await (skip || browser.close());
      await canary.close();
    });

    /** Gives the page's address to `use`, and the requests that its server sees. */
    async function at(path, headers, use) {
      if (headers === null) return use(pathToFileURL(path).href, ['GET /']);
      const server = await serve(path, headers);
      await use(server.url, server.requests).finally(server.close);
    }

    const jobs = { 'from a server': {}, 'with its headers': headersOfSite, 'from the disk': null };
    for (const [from, headers] of Object.entries(jobs)) {
      test(`the whole job ${from}: the page sends nothing`, { skip }, () =>
        at(join(dist, 'standin.html'), headers, async (url, requests) => {
          canary.reset();
          const page = await browser.open(url);
          await page.click('#sample');
          await page.waitForSelector('#columns:not([hidden])');
          await generate(page, { rows: 600, seed: '1' });
          assert.equal(await problem(page), null);
          await download(page);
          await download(page, 'Save the model');
          await page.waitForTimeout(300);
          await page.close();
          assert.deepEqual(requests, ['GET /']);
          assert.deepEqual(canary.ways(), []);
        }));
    }

    /** One visit to a page that leaks: what it tried, the ways by which it was heard, and those that carried what it had read. */
    async function robbed(url) {
      canary.reset();
      const page = await browser.open(`${url}#http://${canary.address}:${canary.port}/`);
      await page.click('#sample');
      await page.waitForSelector('#columns:not([hidden])');
      await page.waitForTimeout(SETTLE_MS);
      const { tried, text } = await page.evaluate(() => thief);
      const stayed = canary.ways(); // leaving opens a connection too
      await page.evaluate(() => void setTimeout(thief.leave));
      await page.waitForTimeout(SETTLE_MS / 2);
      const ways = [...stayed, ...canary.ways().filter((way) => way === 'navigation')];
      const carriers = canary.carriers(text);
      await page.close();
      return { tried, ways, carriers };
    }

    const twins = {
      'without a policy': { file: 'standin.html', headers: {}, escapes: [...GOVERNED, ...BEYOND_POLICY, ...call], absent: lacks },
      'with the policy in the page': { file: 'standin-csp.html', headers: {}, escapes: [...BEYOND_POLICY, ...call], absent: [] },
      'with the policy and the headers': { file: 'standin-csp.html', headers: headersOfSite, escapes: beyondHeaders, absent: [] },
      'from the disk, without a policy': { file: 'standin.html', headers: null, escapes: [...GOVERNED, ...BEYOND_POLICY, ...call], absent: lacksFromDisk },
      'from the disk, with the policy': { file: 'standin-csp.html', headers: null, escapes: [...BEYOND_POLICY, ...call], absent: [] },
    };
    for (const [how, { file, headers, escapes, absent }] of Object.entries(twins)) {
      const expected = escapes.filter((way) => !absent.includes(way)).sort();
      test(`a page that leaks, ${how}: heard by ${expected.length} ways`, { skip }, () =>
        at(join(leak, file), headers, async (url) => {
          const heard = new Set();
          const carried = new Set();
          for (let visit = 0; visit < VISITS && (visit === 0 || heard.size < expected.length); visit += 1) {
            const { tried, ways, carriers } = await robbed(url);
            assert.deepEqual([...GOVERNED.filter((way) => !lacks.includes(way)), ...call].filter((way) => !tried.includes(way)), [], 'tried');
            ways.forEach((way) => heard.add(way));
            carriers.forEach((way) => carried.add(way));
          }
          assert.deepEqual([...heard].sort(), expected);
          for (const way of ['fetch', 'image', 'navigation', 'reader']) assert.equal(carried.has(way), expected.includes(way), `what was read went by ${way}`);
        }));
    }
  });
}
