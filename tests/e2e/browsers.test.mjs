// The main job in the other engines, over http and from the disk: a file in, its rows learned, as many drawn, judged, and the
// download the same bytes as the native program's.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OTHERS, missing, openOther } from './drivers.mjs';
import { choose, download, generate, native, problem, serve, site, siteHeaders, standinHtml, temporaryFile } from './harness.mjs';

const sample = fileURLToPath(new URL('../../www/sample/clinic.csv', import.meta.url));

for (const name of OTHERS) {
  describe(name, () => {
    const skip = missing(name);
    let browser;
    before(async () => (browser = skip || (await openOther(name))));
    after(() => skip || browser.close());

    async function doJob(t, url) {
      const page = await browser.open(url);
      await choose(page, sample);
      assert.equal(await problem(page), null);
      await generate(page, { seed: '42' });
      assert.equal(await problem(page), null);
      assert.equal(await page.evaluate(() => document.querySelectorAll('.dial .gauge .needle').length > 0), true, 'a report');
      const file = await download(page);
      assert.equal(file.name, 'clinic-synthetic.csv');
      const output = await temporaryFile(t, 'out.csv');
      await promisify(execFile)(native, ['synth', sample, '-o', output, '--seed', '42', '--holdout', '0.2']);
      assert.ok(file.bytes.equals(await readFile(output)), 'browser and native differ');
      await page.close();
    }

    test('the sample table over http; no request after load', { skip }, async (t) => {
      const server = await serve(join(site, 'index.html'), await siteHeaders());
      t.after(server.close);
      await doJob(t, server.url);
      assert.deepEqual(server.requests, ['GET /']);
    });

    // On a page from the disk WebKit's workers can read no Blob: the page reads it for them.
    test('the sample table from the disk', { skip }, (t) => doJob(t, standinHtml));
  });
}
