// What is handed on can be checked: sums of every file, a bill of what is in them, and no trace of the machine that built them.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dist, pageParts, require } from './harness.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bill = JSON.parse(await readFile(join(dist, 'standin.cdx.json'), 'utf8'));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const modules = await Promise.all(['standin.wasm', 'files.wasm'].map((name) => readFile(join(pageParts, name), 'latin1')));

test('SHA256SUMS holds, and names every file', async () => {
  const lines = (await readFile(join(dist, 'SHA256SUMS'), 'utf8')).trimEnd().split('\n').map((line) => line.split('  '));
  for (const [sum, name] of lines) assert.equal(sum, sha256(await readFile(join(dist, name))), name);
  const files = (await readdir(dist, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const names = files.map(({ parentPath, name }) => join(parentPath, name).slice(dist.length + 1)).filter((name) => name !== 'SHA256SUMS');
  assert.deepEqual(lines.map(([, name]) => name).sort(), names.sort());
});

test('the bill of materials is CycloneDX 1.6, strictly', async () => {
  const { Validation, Spec } = require('@cyclonedx/cyclonedx-library');
  const problems = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(JSON.stringify(bill));
  assert.equal(problems, null, JSON.stringify(problems));
  assert.ok(bill.components.every(({ purl, licenses }) => purl.startsWith('pkg:') && licenses[0].expression));
  assert.equal(bill.metadata.component.hashes[0].content, sha256(await readFile(join(dist, 'standin.html'))));
  assert.equal(bill.metadata.timestamp, undefined, 'the same build gives the same bill');
});

test('the bill agrees with the lock file, and leaves out no crate whose name is in the modules', async () => {
  const lock = await readFile(join(root, 'Cargo.lock'), 'utf8');
  const locked = new Map(lock.split('[[package]]').map((part) => [`${/^name = "(.*)"/m.exec(part)?.[1]}@${/^version = "(.*)"/m.exec(part)?.[1]}`, /^checksum = "(.*)"/m.exec(part)?.[1]]));
  const crates = bill.components.filter(({ purl }) => purl.startsWith('pkg:cargo/'));
  for (const { name, version, hashes } of crates) {
    assert.ok(locked.has(`${name}@${version}`), `${name} ${version} is not in Cargo.lock`);
    assert.equal(hashes?.[0].content, locked.get(`${name}@${version}`), name);
  }
  const listed = new Set(crates.map(({ name, version }) => `${name}-${version}`));
  // Where a crate may panic, its module names the file: crates/NAME-VERSION/src/….
  const named = modules.flatMap((module) => [...module.matchAll(/crates\/([\w-]+-\d+\.\d+\.\d+[\w.+-]*)\/src\//g)].map(([, crate]) => crate));
  assert.ok(new Set(named).size > 15);
  assert.deepEqual([...new Set(named)].filter((crate) => !listed.has(crate)), []);
});

test('no package of npm is in the page: its modules import each other alone', async () => {
  const www = join(root, 'www');
  const scripts = (await readdir(www, { recursive: true })).filter((name) => name.endsWith('.js'));
  const statement = /^(?:import|export)\b[^;]*? from '([^']+)';$|\bimport\('([^']+)'\)/gm;
  const imports = await Promise.all(scripts.map(async (name) => [...(await readFile(join(www, name), 'utf8')).matchAll(statement)].map(([, fixed, late]) => fixed ?? late)));
  const foreign = imports.flat().filter((target) => !target.startsWith('.') && !['standin-assets', 'standin-files', 'standin-sample'].includes(target));
  assert.ok(imports.flat().length > 40);
  assert.deepEqual(foreign, []);
});

test('nothing tells where it was built', async () => {
  const folders = [homedir(), resolve(root), process.env.CARGO_HOME, process.env.RUSTUP_HOME].filter((folder) => folder?.length > 1);
  const names = (await readdir(dist, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = [...modules, ...(await Promise.all(names.map((name) => readFile(name, 'latin1'))))];
  assert.ok(texts.length > 8);
  for (const text of texts) {
    for (const folder of folders) assert.ok(!text.includes(folder), `${folder} in ${text.slice(Math.max(0, text.indexOf(folder) - 60), text.indexOf(folder) + 60)}`);
    assert.doesNotMatch(text, /\/(?:home|Users)\/[a-z]|\.cargo\/registry|\.rustup\/toolchains/);
  }
});
