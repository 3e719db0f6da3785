/**
 * npm run promises              writes README.md beside this file: what holds the hub to each promise
 *                  -- --check   fails where that page is no longer what tests, mutants and promises.yml say
 *
 * A test belongs to the promises its name begins with (`A1 a sync that…`); the tests of a mutant belong to
 * the promise it breaks.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { mutantFiles, mutantsOf } from '../mutants/mutant.ts';

const TEST = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(TEST, 'promises/README.md');
const NUMBER = /^[A-L][1-9]\d?$/;
/** `test('A1 A2 …`, `describe('A1 …`, and what `each` was called with before. */
const NAMED = /(?:\b(?:test|describe)|\))\(\s*['"`]((?:[A-L][1-9]\d? )+)/g;

const Promises = z.record(
  z.string().regex(NUMBER),
  z.strictObject({
    /** Before the first real data arrive. */
    must: z.boolean().default(false),
    says: z.string(),
    /** What nothing holds the hub to, and why. */
    notYet: z.string().optional(),
  }),
);
type Promised = z.infer<typeof Promises>[string];
type Held = { tests: Set<string>; mutants: string[] };

const GROUPS: Readonly<Record<string, string>> = {
  A: 'Stopping, crashing, doing it twice',
  B: 'Sources that misbehave',
  C: 'What deliveries mean',
  D: 'Nights, rules, warnings',
  E: 'Storage, migrations, backup',
  F: 'The access log',
  G: 'Who sees what',
  H: 'Hostile questions',
  I: 'Signing in',
  J: 'Addresses and files',
  K: 'Petitioners',
  L: 'Running it',
};

/** Tests and mutants of each promise; an error where one speaks of a promise nobody made. */
function heldBy(numbers: readonly string[]): ReadonlyMap<string, Held> {
  const all = new Map(
    numbers.map((number) => [number, { tests: new Set<string>(), mutants: [] as string[] }]),
  );
  const of = (number: string, where: string): Held => {
    const held = all.get(number);
    if (!held) throw new Error(`${where} speaks of ${number}: promises.yml has no such promise`);
    return held;
  };
  for (const path of readdirSync(TEST, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!path.endsWith('.test.ts') || path.includes('node_modules')) continue;
    for (const [, named = ''] of readFileSync(join(TEST, path), 'utf8').matchAll(NAMED)) {
      for (const number of named.trim().split(' ')) of(number, path).tests.add(path);
    }
  }
  for (const file of mutantFiles()) {
    const [first, ...more] = mutantsOf(file);
    if (!first) continue;
    const held = of(first.promise, file);
    const name = file.replace(/\.yml$/, '');
    held.mutants.push(more.length > 0 ? `${name} (${more.length + 1})` : name);
    for (const path of first.tests) held.tests.add(path.replace(/^test\//, ''));
  }
  return all;
}

function row(number: string, { must, says, notYet }: Promised, { tests, mutants }: Held): string {
  if (tests.size === 0 && notYet === undefined) {
    throw new Error(`${number} has no test: say in promises.yml why not yet`);
  }
  const files = [...tests].sort().map((path) => path.replace(/\.test\.ts$/, ''));
  const left = notYet === undefined ? [] : [`**not yet**: ${notYet}`];
  const fails = mutants.join(', ') || (tests.size > 0 ? 'not shown to fail' : '');
  return `| ${number}${must ? ' ★' : ''} | ${says} | ${[files.join(', '), ...left].filter(Boolean).join('; ')} | ${fails} |`;
}

function page(): string {
  const promises = Promises.parse(parse(readFileSync(join(TEST, 'promises/promises.yml'), 'utf8')));
  const numbers = Object.keys(promises);
  const held = heldBy(numbers);
  const rowOf = (number: string) =>
    row(number, promises[number] as Promised, held.get(number) as Held);
  const count = (isMeant: (number: string) => boolean) => {
    const musts = numbers.filter((number) => promises[number]?.must && isMeant(number)).length;
    return `${numbers.filter(isMeant).length} (${musts} ★)`;
  };
  const isTested = (number: string) => (held.get(number)?.tests.size ?? 0) > 0;
  const isShown = (number: string) => (held.get(number)?.mutants.length ?? 0) > 0;
  const groups = Object.entries(GROUPS).map(([letter, title]) => {
    const rows = numbers.filter((number) => number.startsWith(letter)).map(rowOf);
    return `## ${letter}. ${title}\n\n| | promise | tests | mutants |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# promises: what holds the hub to its word

Written by \`npm run promises\` from \`promises.yml\`, the names of the tests and the [mutants](../mutants/README.md): do not
edit it; after a conflict take either side and write it again. ★ must hold before the first real data arrive.
A promise with tests and no mutant was not shown to fail here: its tests may be right, but no program says so.

| | promises |
| --- | --- |
| made | ${count(() => true)} |
| tested, and shown to fail | ${count((number) => isTested(number) && isShown(number))} |
| tested | ${count((number) => isTested(number) && !isShown(number))} |
| not yet | ${count((number) => !isTested(number))} |

${groups.join('\n')}`;
}

const wanted = page();
if (!process.argv.includes('--check')) writeFileSync(PAGE, wanted);
else if (readFileSync(PAGE, 'utf8') !== wanted) {
  process.stderr.write(
    'test/promises/README.md is not what tests and mutants say.\nRun: npm run promises\n',
  );
  process.exitCode = 1;
}
