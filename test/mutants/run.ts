/**
 * npm run mutants: puts one fault after another into a clone of the project and runs the tests that
 * must see it. A mutant whose tests stay green survives, and so do the people it would have hurt.
 *
 *   npm run mutants                      all of them
 *   npm run mutants -- --only policy     those whose name begins so
 *   npm run mutants -- --list
 */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type Clone, cloneProject } from '../harness/clone.ts';
import { type Mutant, mutantFiles, mutantsOf } from './mutant.ts';

const execute = promisify(execFile);

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, list: { type: 'boolean', default: false } },
});
const mutants = mutantFiles()
  .filter((file) => file.startsWith(values.only) || values.only.includes('/'))
  .flatMap(mutantsOf)
  .filter(({ name }) => name.startsWith(values.only));
if (mutants.length === 0) throw new Error(`no mutant's name begins with ${values.only}`);

type Outcome = { failed: number; broken: number; passed: number };

/** Runs test files in the clone and counts; files that could not be run at all prove nothing. */
async function outcomeOf({ folder }: Clone, tests: readonly string[]): Promise<Outcome> {
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  const report = join(folder, '.git/report.json');
  rmSync(report, { force: true });
  // Some faults make work wait for ever.
  const limits = ['--testTimeout=120000', '--hookTimeout=120000'];
  const args = [vitest, 'run', '--reporter=json', `--outputFile=${report}`, ...limits, ...tests];
  // Ends with an error when a test fails, which is what is hoped for.
  await execute(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28 }).catch(() => undefined);
  const result = JSON.parse(readFileSync(report, 'utf8')) as {
    numFailedTests: number;
    numPassedTests: number;
    testResults: { status: string; assertionResults: unknown[] }[];
  };
  const broken = result.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { failed: result.numFailedTests, broken: broken.length, passed: result.numPassedTests };
}

async function judge(clone: Clone, mutant: Mutant): Promise<string> {
  writeFileSync(join(clone.folder, mutant.file), mutant.text);
  try {
    const { failed, broken } = await outcomeOf(clone, mutant.tests);
    if (failed > 0) return 'killed';
    return broken > 0 ? 'breaks the tests themselves' : 'SURVIVES';
  } finally {
    await clone.git('checkout', '-q', '--', mutant.file);
  }
}

const say = (text: string) => process.stdout.write(`${text}\n`);

async function run(): Promise<number> {
  const clone = await cloneProject();
  try {
    const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
    const sound = await outcomeOf(clone, tests);
    if (sound.failed > 0 || sound.broken > 0 || sound.passed === 0) {
      say(`without any fault ${sound.failed} tests fail: nothing can be told`);
      return 1;
    }
    let alive = 0;
    for (const [n, mutant] of mutants.entries()) {
      const verdict = await judge(clone, mutant);
      if (verdict !== 'killed') alive += 1;
      say(
        `${n + 1}/${mutants.length} ${mutant.promise} ${mutant.name}: ${mutant.fault}: ${verdict}`,
      );
    }
    say(`${mutants.length - alive} of ${mutants.length} killed`);
    return alive === 0 ? 0 : 1;
  } finally {
    clone.remove();
  }
}

if (values.list) {
  for (const { name, promise, fault, tests } of mutants)
    say(`${promise} ${name}: ${fault} (${tests.join(', ')})`);
} else {
  process.exitCode = await run();
}
