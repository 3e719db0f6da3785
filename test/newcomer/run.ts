/**
 * npm run newcomer: what the READMEs promise a newcomer, done in a clean clone. Each folder beside this
 * file is what somebody writes who adds a feed, a concept, a field, a role and a rule; the generators
 * run, and whatever else has changed in the clone then is a broken promise. Then the checks, the tests
 * that walk folders, and a demo that must deliver the new feeds and warn by the new rules.
 *
 *   npm run newcomer             the tests that find things by listing
 *   npm run newcomer -- --all    all tests
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Clone, cloneProject } from '../harness/clone.ts';
import { startDemo } from './demo.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Printed anew from the code; nobody writes it by hand. */
const REGENERATED = ['schema/schema.graphql'];
/** Tests that find feeds, tables, fields, roles, rules and their cases by listing. */
const WALKERS = [
  'test/connectors.test.ts',
  'test/rules.test.ts',
  'test/rules/',
  'test/schema.test.ts',
  'test/access',
  'test/read/every-field.test.ts',
  'test/migrations/tool.test.ts',
  'test/demo/',
];

const files = readdirSync(HERE, { recursive: true, encoding: 'utf8' });
const namesOf = (pattern: RegExp) => files.flatMap((path) => pattern.exec(path)?.[1] ?? []);
const FEEDS = namesOf(/connectors\/([^/]+)\/feed\.yml$/);
const RULES = namesOf(/rules\/[^/]+\/([^/]+)\/rule\.yml$/).map((name) => name.toUpperCase());

async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    const result = await work();
    const took = ((performance.now() - started) / 1000).toFixed(0);
    process.stdout.write(`✓ ${what} (${took} s)\n`);
    return result;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    process.stdout.write(`✗ ${what}\n${stdout}\n${stderr}\n`);
    throw error;
  }
}

/** Files that were there before, have changed, and that no generator prints. */
async function editedByHand({ git }: Clone): Promise<string[]> {
  const status = await git('status', '--porcelain', '-z', '--untracked-files=all');
  return status
    .split('\0')
    .filter((line) => line !== '' && !line.startsWith('?? '))
    .map((line) => line.slice(3))
    .filter((path) => !REGENERATED.includes(path));
}

async function refuseEdits(clone: Clone): Promise<void> {
  const edited = await editedByHand(clone);
  if (edited.length > 0) throw new Error(`files of others had to change: ${edited.join(', ')}`);
}

async function askDemo(clone: Clone): Promise<void> {
  const demo = await startDemo(clone.folder);
  try {
    const delivered = await demo.deliveredFeeds();
    const missing = FEEDS.filter((feed) => !delivered.includes(feed));
    if (missing.length > 0) throw new Error(`nothing was delivered of ${missing.join(', ')}`);
    for (const rule of RULES) {
      const warnings = await demo.warningsOf(rule);
      if (warnings === 0) throw new Error(`${rule} warns about nobody in the demo county`);
      process.stdout.write(`  ${rule}: ${warnings} warnings\n`);
    }
  } finally {
    await demo.stop();
  }
}

const clone = await step('a clean clone', cloneProject);
const vitest = (...args: string[]) => clone.npm('test', '--maxWorkers=2', ...args);
try {
  for (const entry of readdirSync(HERE, { withFileTypes: true })) {
    if (entry.isDirectory()) clone.lay(`${HERE}/${entry.name}`);
  }
  const generate = () => clone.npm('migration', '--name', 'newcomer');
  await step('npm run migration -- --name newcomer', generate);
  await step('npm run schema', () => clone.npm('schema'));
  const update = () => vitest('test/connectors.test.ts', '-u');
  await step('expected.json and README.md of the new feeds', update);
  await step('new and generated files only', () => refuseEdits(clone));
  await step('npm run check', () => clone.npm('check'));
  const isWhole = process.argv.includes('--all');
  await step('npm test', () => (isWhole ? vitest() : vitest(...WALKERS)));
  await step('npm start', () => askDemo(clone));
} finally {
  clone.remove();
}
