// "Try to send something": in every browser a person sees each way refused, is told of what no policy governs, and a copy of
// the page without its policy is not praised.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { OTHERS, missing, openOther } from './drivers.mjs';
import { dist, leak, openBrowser, serve, siteHeaders } from './harness.mjs';

const headersOfSite = await siteHeaders();

async function tryToSend(page) {
  await page.click('#privacy summary');
  return press(page);
}

async function press(page) {
  await page.click('#try-send');
  await page.waitForSelector('#untried:not([hidden])');
  return page.evaluate(() => ({
    says: document.querySelector('#try-result').textContent,
    outcomes: Object.fromEntries([...document.querySelectorAll('#ways li')].map(({ dataset }) => [dataset.way, dataset.outcome])),
  }));
}

const named = (outcomes, wanted) => Object.keys(outcomes).filter((name) => outcomes[name] === wanted);

for (const name of ['Chromium', ...OTHERS]) {
  describe(name, () => {
    const skip = missing(name);
    let browser;
    before(async () => (browser = skip || (await (name === 'Chromium' ? openBrowser() : openOther(name)))));
    after(() => skip || browser.close());

    for (const [from, headers] of [['from a server', headersOfSite], ['from the disk', null]]) {
      test(`${from}: every way is refused but those that no policy governs`, { skip }, async (t) => {
        const server = headers && (await serve(join(dist, 'standin.html'), headers));
        if (server) t.after(server.close);
        const page = await browser.open(server?.url ?? pathToFileURL(join(dist, 'standin.html')).href);
        let { says, outcomes } = await tryToSend(page);
        if (server) ({ says, outcomes } = await press(page)); // what a first try leaves behind is not in the way of a second
        await page.close();
        assert.equal(Object.keys(outcomes).length, 16);
        assert.deepEqual(named(outcomes, 'open'), []);
        const silent = named(outcomes, 'untold').length;
        const lacking = named(outcomes, 'lacking').length;
        const governed = 16 - lacking - named(outcomes, 'free').length;
        assert.ok(governed >= 14 && governed - silent >= 13, JSON.stringify(outcomes));
        assert.ok(says.startsWith(`Refused by the browser: ${governed - silent} of ${governed} ways`), says);
        assert.equal(outcomes.webrtc, name === 'WebKit' ? 'lacking' : 'free');
        assert.equal(/call to another browser/.test(says), outcomes.webrtc === 'free');
        if (server) assert.deepEqual(server.requests, ['GET /']);
      });
    }

    test('a copy without its policy is told of', { skip }, async () => {
      const page = await browser.open(pathToFileURL(join(leak, 'standin.html')).href);
      const { says, outcomes } = await tryToSend(page);
      await page.close();
      assert.match(says, /^Not refused: this copy .* was served without its policy/);
      assert.deepEqual(named(outcomes, 'refused'), []);
      assert.ok(named(outcomes, 'open').length >= 13, JSON.stringify(outcomes));
    });
  });
}
