/**
 * npm run migration -- --name add_companies    SQL for what changed in *.table.ts, and the snapshot
 *                      --name x --by-hand      an empty file for SQL of your own
 *                      --check                 fails where a migration is missing
 *                      --snapshot              only the snapshot, from *.table.ts (after a conflict)
 *                      --fold                  before the first release: all generated ones into one
 *                      --release               nothing may be added behind the newest one any more
 * See migrations/README.md.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { listMigrations, MIGRATIONS } from '../../src/platform/migration-files.ts';
import { FOLDED, fold } from './fold.ts';
import { generatedText, newTag, Refusal, statementsBetween } from './generate.ts';
import { describeTables, differingFiles, readSnapshot, writeSnapshot } from './snapshot.ts';

const SNAPSHOT = join(MIGRATIONS, 'snapshot');
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const now = () => describeTables(dirname(MIGRATIONS));

async function generate(name: string): Promise<void> {
  const tag = newTag(name, new Date());
  const tables = await now();
  const statements = await statementsBetween(readSnapshot(SNAPSHOT), tables);
  writeSnapshot(SNAPSHOT, tables);
  if (statements.length === 0) return say('The migrations say all that *.table.ts say.');
  writeFileSync(join(MIGRATIONS, `${tag}.sql`), generatedText(statements));
  say(
    `migrations/${tag}.sql: ${statements.length} statements. Read it, then commit it with migrations/snapshot.`,
  );
}

function writeByHand(name: string): void {
  const tag = newTag(name, new Date());
  writeFileSync(join(MIGRATIONS, `${tag}.sql`), '-- Why this cannot be generated:\n');
  say(`migrations/${tag}.sql: write your statements there; they run in one transaction.`);
}

async function check(): Promise<void> {
  const listed = new Set(listMigrations().map(({ tag }) => `${tag}.sql`));
  const stray = readdirSync(MIGRATIONS).find(
    (name) => name.endsWith('.sql') && name !== 'always.sql' && !listed.has(name),
  );
  if (stray) {
    throw new Refusal(
      `migrations/${stray} would never run: name it <YYYYMMDDhhmmss>_<what_it_is>.sql.`,
    );
  }
  const differing = differingFiles(SNAPSHOT, await now());
  if (differing.length === 0) return;
  throw new Refusal(
    `*.table.ts say something else than the migrations (${differing.join(', ')}).\n` +
      'Run: npm run migration -- --name <what_it_is>\n' +
      '(after a merge that had a conflict in migrations/snapshot: npm run migration -- --snapshot)',
  );
}

function release(): void {
  const newest = listMigrations().at(-1)?.tag ?? '';
  writeFileSync(join(MIGRATIONS, 'released.txt'), `${newest}\n`);
  say(`migrations/released.txt: ${newest}. Databases that passed it refuse files added behind it.`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' },
      'by-hand': { type: 'boolean' },
      check: { type: 'boolean' },
      snapshot: { type: 'boolean' },
      fold: { type: 'boolean' },
      release: { type: 'boolean' },
    },
  });
  if (values.check) return check();
  if (values.release) return release();
  if (values.snapshot) return writeSnapshot(SNAPSHOT, await now());
  if (values.fold) {
    const gone = await fold(MIGRATIONS, await now());
    return say([`migrations/${FOLDED}.sql holds every table.`, ...gone].join('\n  folded in: '));
  }
  if (!values.name) throw new Refusal('Say what the migration is: --name add_companies');
  return values['by-hand'] ? writeByHand(values.name) : generate(values.name);
}

process.exitCode = await main().then(
  () => 0,
  (error: unknown) => {
    const known = error instanceof Refusal || (error instanceof Error && 'code' in error);
    process.stderr.write(`${known || !(error instanceof Error) ? String(error) : error.stack}\n`);
    return 1;
  },
);
