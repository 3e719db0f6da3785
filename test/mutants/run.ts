/**
 * npm run mutants: puts one fault after another into a clone of the project and runs the tests that
 * must see it. A mutant whose tests stay green survives, and so do the people it would have hurt.
 *
 *   npm run mutants                             all that were not killed as they stand
 *   npm run mutants -- --fresh                  all of them
 *   npm run mutants -- --only policy,lease-     those whose name begins so
 *   npm run mutants -- --changed main           those whose code, tests or fault differ from a commit
 *   npm run mutants -- --list
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type Clone, cloneProject } from '../harness/clone.ts';
import { type Mutant, mutantFiles, mutantsOf } from './mutant.ts';
import { keepKill, wasKilled } from './verdicts.ts';

const execute = promisify(execFile);
const say = (text: string) => process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    changed: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

/** Files that differ from a commit, those not yet known to git among them. */
async function changedSince(commit: string): Promise<Set<string>> {
  const git = async (...args: string[]) => (await execute('git', args)).stdout.split('\n');
  const known = await git('diff', '--name-only', commit, '--');
  return new Set([...known, ...(await git('ls-files', '--others', '--exclude-standard'))]);
}

async function chosen(): Promise<Mutant[]> {
  const changed = values.changed === undefined ? undefined : await changedSince(values.changed);
  const prefixes = values.only.split(',');
  return mutantFiles()
    .filter((file) => prefixes.some((it) => file.startsWith(it.split('/')[0] ?? '')))
    .flatMap((file) => mutantsOf(file).map((mutant) => ({ file, mutant })))
    .filter(({ mutant }) => prefixes.some((it) => mutant.name.startsWith(it)))
    .filter(({ file, mutant: { faulty, tests } }) => {
      const about = [`test/mutants/${file}`, ...faulty.keys(), ...tests];
      return changed === undefined || about.some((path) => changed.has(path));
    })
    .map(({ mutant }) => mutant);
}

/** The test files that fail, and whether each of them failed by a test: one that cannot be run proves nothing. */
type Failures = ReadonlyMap<string, 'by a test' | 'unread'>;

async function failuresOf({ folder }: Clone, tests: readonly string[], ...options: string[]) {
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  const report = join(folder, '.git/report.json');
  rmSync(report, { force: true });
  // Some faults make work wait for ever.
  const limits = ['--testTimeout=120000', '--hookTimeout=120000', ...options];
  const args = [vitest, 'run', '--reporter=json', `--outputFile=${report}`, ...limits, ...tests];
  // Ends with an error when a test fails, which is what is hoped for.
  await execute(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28 }).catch(() => undefined);
  // Without a report the tests could not even begin.
  if (!existsSync(report)) return new Map(tests.map((path) => [path, 'unread'])) as Failures;
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
  };
  return new Map(
    testResults
      .filter(({ status }) => status === 'failed')
      .map(({ name, assertionResults: results }) => [
        relative(folder, name),
        results.some(({ status }) => status === 'failed') ? 'by a test' : 'unread',
      ]),
  ) as Failures;
}

async function judge(clone: Clone, { faulty, tests }: Mutant): Promise<string> {
  for (const [path, text] of faulty) writeFileSync(join(clone.folder, path), text);
  try {
    // The first test that sees it is enough.
    const failures = [...(await failuresOf(clone, tests, '--bail=1')).values()];
    if (failures.includes('by a test')) return 'killed';
    return failures.length > 0 ? 'breaks the tests themselves' : 'SURVIVES';
  } finally {
    await clone.git('checkout', '-q', '--', ...faulty.keys());
  }
}

/** Says what came of each; returns the number of those that were not killed. */
async function run(mutants: readonly Mutant[]): Promise<number> {
  const left = mutants.filter((it) => values.fresh || !wasKilled(it));
  if (left.length < mutants.length) say(`${mutants.length - left.length} were killed before`);
  if (left.length === 0) return 0;
  const clone = await cloneProject();
  try {
    const sound = await failuresOf(clone, [...new Set(left.flatMap(({ tests }) => tests))]);
    let alive = 0;
    for (const [n, mutant] of left.entries()) {
      const { promise, name, fault, tests } = mutant;
      const red = tests.filter((path) => sound.has(path));
      const verdict =
        red.length > 0
          ? `cannot be told: without any fault ${red.join(', ')} fails`
          : await judge(clone, mutant);
      if (verdict === 'killed') keepKill(mutant);
      else alive += 1;
      say(`${n + 1}/${left.length} ${promise} ${name}: ${fault}: ${verdict}`);
    }
    say(`${mutants.length - alive} of ${mutants.length} killed`);
    return alive;
  } finally {
    clone.remove();
  }
}

const mutants = await chosen();
if (mutants.length === 0) say('no mutant is chosen by that');
else if (values.list) {
  for (const { name, promise, fault, tests } of mutants)
    say(`${promise} ${name}: ${fault} (${tests.join(', ')})`);
} else if ((await run(mutants)) > 0) process.exitCode = 1;
