/** A feed and a rule are folders: laid over the tree, they are tested, delivered and warned about. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type CopiedTree, copiedTree } from './harness/copied-tree.ts';

const FOLDERS = fileURLToPath(new URL('./newcomer/bank-deposits', import.meta.url));
const VITEST = 'node_modules/vitest/vitest.mjs';
let tree: CopiedTree;

beforeAll(async () => {
  tree = copiedTree();
  tree.lay(FOLDERS);
  await tree.run('migrations/tool/run.ts', ['--name', 'add_bank_deposits']);
  // Writes what the sample becomes, and the page for the department.
  await suite(['test/connectors.test.ts'], ['-u']);
}, 120_000);
afterAll(() => tree?.remove());

const suite = (files: readonly string[], more: readonly string[] = []) =>
  tree.run(VITEST, ['run', ...files, ...more, '--maxWorkers=1', '--no-color'], {
    DATABASE_URL: inject('serverUrl'),
  });

test('a feed and a rule added as folders pass the tests that walk feeds, rules and cases', async () => {
  const said = await suite([
    'test/connectors.test.ts',
    'test/rules.test.ts',
    'test/rules/delivered-cases.test.ts',
    'test/layout.test.ts',
  ]);
  expect(said).toMatch(/Tests +\d+ passed/);
}, 240_000);

test('its planted people are delivered by a department nobody wrote, and warned about', async () => {
  const said = await suite(['test/demo']);
  expect(said).toMatch(/Tests +\d+ passed/);
  const folder = join(tree.folder, 'county');
  await tree.run('src/main.ts', ['deliver-county', '--folder', folder, '--officials', '500']);
  const answers = readFileSync(join(folder, 'answers.json'), 'utf8');
  expect(answers).toContain('夫妻存款合计210万元');
  const delivered = readFileSync(join(folder, 'drop/bank-deposits/deposit_2026-06-30.csv'), 'utf8');
  // The planted three millions, and ordinary people beside them.
  expect(delivered).toMatch(/,活期,3000000,2026-05-31/);
  expect(delivered.match(/,活期,60000,2026-05-31/g)?.length).toBeGreaterThan(50);
  expect(readFileSync(join(folder, 'feeds.yml'), 'utf8')).toContain('drop/bank-deposits');
}, 300_000);
