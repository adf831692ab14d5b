// The guides of docs/, and the reference that is made of the types: nothing exported lacks a comment or names what is not exported, no
// link leads nowhere, and every error is told of.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { require } from './harness.mjs';

test('the reference is made without a warning', async () => {
  const typedoc = join(dirname(require.resolve('typedoc/package.json')), 'bin/typedoc');
  const options = fileURLToPath(new URL('../../docs/typedoc.json', import.meta.url));
  await promisify(execFile)(process.execPath, [typedoc, '--options', options, '--emit', 'none']).catch(({ stdout, stderr }) => assert.fail(stdout + stderr));
});

test('the guide names every code of an error, and no other', async () => {
  const [types, guide] = await Promise.all(['www/lib/api.d.ts', 'docs/embedding.md'].map((path) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')));
  const codes = types.match(/type ErrorCode =([^]*?)\n\n/)[1].matchAll(/\| '([a-z0-9-]+)'/g);
  const rows = guide.split('| code | what happened | what helps |\n')[1].split('\n\n')[0].split('\n').slice(1);
  const named = rows.flatMap((row) => [...row.split('|')[1].matchAll(/`([^`]+)`/g)]);
  assert.deepEqual(named.map(([, code]) => code).sort(), [...codes].map(([, code]) => code).sort());
});
