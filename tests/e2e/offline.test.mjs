// Without a network: the page goes on when its server has gone, and its one file, saved, opens again.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { choose, download, generate, openBrowser, problem, serve, site, siteHeaders, temporaryFile } from './harness.mjs';

let browser;
before(async () => (browser = await openBrowser()));
after(() => browser.close());

const csv = ['dose,ward', ...Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 3 ? 'north' : 'south'}`)].join('\n');

async function doJob(page) {
  await choose(page, { name: 'doses.csv', content: csv });
  await generate(page, { rows: 30, seed: '1' });
  assert.equal(await problem(page), null);
  return (await download(page)).bytes;
}

test('once loaded, the page needs neither its server nor a network', async (t) => {
  const server = await serve(join(site, 'index.html'), await siteHeaders());
  const page = await browser.open(server.url);
  await server.close();
  await browser.context.setOffline(true);
  const made = await doJob(page);
  // It is not kept by the browser: no service worker, nothing to be out of date. Who wants it again saves the one file.
  await assert.rejects(page.reload(), /ERR_INTERNET_DISCONNECTED/);
  await page.close();

  const saved = await temporaryFile(t, 'standin.html', await readFile(join(site, 'index.html')));
  const again = await browser.open(pathToFileURL(saved).href);
  assert.ok((await doJob(again)).equals(made));
  await again.close();
  await browser.context.setOffline(false);
});
