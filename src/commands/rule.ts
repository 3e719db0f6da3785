/**
 * hub rule bump [ids…]: raises the versions of these rules (`kit`: of what they share), or without ids
 * of all that changed silently, since the last release or against the configured database.
 * hub rule release: writes down what every rule asks, so that later changes are seen without a database.
 */
import { loadConfig } from '../base/config.ts';
import { createLog } from '../base/log.ts';
import { readKnownRules } from '../pipeline/index.ts';
import { connect } from '../platform/database.ts';
import { bump, KIT } from '../rules/bump.ts';
import { loadBook } from '../rules/index.ts';
import { changedSinceRelease, writeReleased } from '../rules/released.ts';
import { inWords, silentChanges, toBump } from '../rules/versions.ts';
import { openDatabase, urlOf } from './databases.ts';
import { parse, UsageError } from './options.ts';
import { Closing } from './stopping.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Silent changes against the database the hub would open. */
async function changedInDatabase(book: Awaited<ReturnType<typeof loadBook>>) {
  const closing = new Closing();
  try {
    const config = loadConfig(['worker']);
    const urls = await openDatabase({ config, log: createLog(), closing }, ['worker']);
    const sql = connect(urlOf(urls, 'worker'), { role: 'worker', max: 1 });
    closing.add(() => sql.end({ timeout: 5 }));
    return silentChanges(
      book.map(({ rule }) => rule),
      await readKnownRules(sql),
    );
  } finally {
    await closing.close();
  }
}

async function bumpRules(given: readonly string[]) {
  const book = await loadBook();
  let ids = given.map((id) => (id.toLowerCase() === KIT ? KIT : id.toUpperCase()));
  if (ids.length === 0) {
    const released = changedSinceRelease(book);
    const changes = released.length > 0 ? released : await changedInDatabase(book);
    if (changes.length === 0) return say('没有需要提升版本的规则。No rule changed silently.');
    say(inWords(changes));
    ids = toBump(changes);
  }
  for (const { id, from, to } of bump(ids, book)) say(`${id}: version ${from} → ${to}`);
}

export async function run(args: readonly string[]): Promise<number> {
  const [what, ...ids] = parse(args, {}, 1000).positionals;
  if (what === 'bump') await bumpRules(ids);
  else if (what === 'release' && ids.length === 0) {
    const book = await loadBook();
    writeReleased(book);
    say(`${book.length} 条规则已记录。Rules written down: ${book.length}`);
  } else {
    throw new UsageError(
      '用法：rule bump [编号…|kit] 或 rule release',
      'Usage: rule bump [ids…|kit] or rule release',
    );
  }
  return 0;
}
