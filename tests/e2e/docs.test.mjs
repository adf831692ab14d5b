// The reference that is made of the package's types: nothing exported lacks a comment or names what is not exported, and no link of
// the guides leads nowhere.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
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
