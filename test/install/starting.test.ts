/** What a process looks at when it starts on a database that others have used. */
import { beforeEach, describe, expect, test } from 'vitest';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { fixedClock } from '../../src/base/clock.ts';
import type { SourceSettings } from '../../src/base/feed-settings.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { takeSettings } from '../../src/commands/hub.ts';
import { registerSchedules, requests } from '../../src/jobs/index.ts';
import { registerFeeds } from '../../src/pipeline/index.ts';
import { checkIdentityKey } from '../../src/platform/identity-fingerprint.ts';
import { checkSchema } from '../../src/platform/migrate.ts';
import { openQueue } from '../../src/platform/queue.ts';
import { testDatabase } from '../harness/database.ts';

const database = testDatabase();
const NOW = new Date('2026-06-30T00:00:00Z');
const key = (letter: string) => new Secret(`${letter}-0123456789-of-a-test-0123456789`);

describe('the identity key', () => {
  test('E7 another key than the one a database was filled with is refused by name, whoever starts', async () => {
    const { as } = await database.get();
    // The API may be the first of all.
    await checkIdentityKey(as('api', 1), key('a'), NOW);
    for (const role of ['api', 'worker'] as const) {
      await checkIdentityKey(as(role, 1), key('a'), NOW);
      await expect(checkIdentityKey(as(role, 1), key('b'), NOW)).rejects.toMatchObject({
        code: 'keys.identity-wrong',
        message: expect.stringContaining('HUB_IDENTITY_KEY_FILE'),
      });
    }
  });

  test('neither the API nor a worker can exchange what is known of the key', async () => {
    const { as } = await database.get();
    for (const role of ['api', 'worker'] as const) {
      const sql = as(role, 1);
      await expect(sql`update hub.installation set identity_fingerprint = 'x'`).rejects.toThrow();
      await expect(sql`delete from hub.installation`).rejects.toThrow();
      await expect(sql`truncate hub.installation`).rejects.toThrow();
    }
  });
});

describe('the schema', () => {
  test('E6 a database newer than the program is refused, naming the migrations it has had', async () => {
    const { as } = await database.get();
    const owner = as('owner', 1);
    for (const role of ['api', 'worker'] as const) {
      await checkSchema(as(role, 1));
      await owner`insert into migrations.applied (tag, hash) values ('20991231000000_later', 'x')`;
      await expect(checkSchema(as(role, 1))).rejects.toMatchObject({
        code: 'migration.newer',
        details: { files: '20991231000000_later' },
      });
      await owner`delete from migrations.applied where tag = '20991231000000_later'`;
    }
  });

  test('E6 a database that lacks a migration is refused with the command that runs it', async () => {
    const { as } = await database.get();
    const owner = as('owner', 1);
    const [{ tag, hash } = { tag: '', hash: '' }] = await owner<{ tag: string; hash: string }[]>`
      delete from migrations.applied where tag = '0001_tables' returning tag, hash`;
    await expect(checkSchema(as('api', 1))).rejects.toMatchObject({
      code: 'migration.missing',
      message: expect.stringMatching(/0001_tables.*hub -- migrate/),
    });
    await owner`insert into migrations.applied (tag, hash) values (${tag}, ${hash})`;
  });
});

test('G15 what an actor asks for reaches queue and record under the login of the API alone', async () => {
  const { as, logins } = await database.get();
  const owner = as('owner', 1);
  await owner`insert into hub.feed (feed_id, title_zh, title_en, publisher_zh, publisher_en, agreement_no,
      legal_basis, purpose, stale_after_days, schedule)
    values ('asked', '', '', '', '', '', '', '', 1, '0 1 * * *')`;
  const jobs = await openQueue({ databaseUrl: logins.api, log: silentLog });
  const sql = as('api', 1);
  try {
    const clock = fixedClock('2026-06-30T10:00:00+08:00');
    const { startSync, startCorrelation } = requests({ jobs, sql, clock, log: silentLog });
    const { syncRunId } = await startSync('asked', 'somebody');
    const { nightId } = await startCorrelation('2026-06-30', 'somebody');
    expect(await jobs.state('sync', syncRunId)).toBe('waiting');
    expect(await jobs.state('nightly', nightId)).toBe('waiting');
    const [found] = await owner`select (select requested_by from hub.sync_run) as a,
      (select requested_by from hub.night) as b`;
    expect(found).toEqual({ a: 'somebody', b: 'somebody' });
  } finally {
    await jobs.close();
  }
  const asking = (by: string, state: string) =>
    sql.begin(async (tx) => {
      await tx`select set_config('hub.actor', 'somebody', true)`;
      await tx`insert into hub.night (night_id, as_of, mode, state, requested_by, started_at)
        values (gen_random_uuid(), '2026-06-30', 'full', ${state}, ${by}, now())`;
    });
  // In nobody else's name, and never as done.
  await expect(asking('somebody else', 'queued')).rejects.toMatchObject({ code: '42501' });
  await expect(asking('somebody', 'done')).rejects.toMatchObject({ code: '42501' });
});

describe('schedules and pauses', () => {
  const drop = (more: Partial<SourceSettings> = {}) =>
    new Map([
      ['income', { kind: 'file-drop', isEnabled: true, schedule: undefined, ...more }],
    ]) as unknown as ReadonlyMap<string, SourceSettings>;

  /** What a worker does when it starts. */
  const start = async (sources: ReadonlyMap<string, SourceSettings>, nightly = '0 2 * * *') => {
    const sql = (await database.get()).as('worker', 1);
    const connectors = await loadConnectors();
    await registerFeeds(sql, connectors);
    await takeSettings(sql, { connectors, sources, isFirst: false });
    await registerSchedules({ sql, clock: fixedClock('2026-06-30T10:00:00+08:00') }, nightly);
    return sql<{ name: string; cron: string; on: boolean }[]>`
      select name, cron, is_enabled as on from hub.schedule
      where name in ('sync income', 'nightly') order by name`;
  };

  beforeEach(async () => {
    const owner = (await database.get()).as('owner', 1);
    await owner`truncate hub.schedule, hub.feed cascade`;
  });

  test('A7 a cron line or a pause set in the table lives through a start', async () => {
    await start(drop());
    const sql = (await database.get()).as('worker', 1);
    await sql`update hub.schedule set cron = '5 5 * * *', is_enabled = false`;
    // A pause of the schedule alone, then one of the feed, too.
    const paused = [
      { name: 'nightly', cron: '5 5 * * *', on: false },
      { name: 'sync income', cron: '5 5 * * *', on: false },
    ];
    expect([...(await start(drop()))]).toEqual(paused);
    await sql`update hub.feed set is_enabled = false where feed_id = 'income'`;
    expect([...(await start(drop()))]).toEqual(paused);
    const [feed] = await sql`select is_enabled as on from hub.feed where feed_id = 'income'`;
    expect(feed?.on).toBe(false);
  });

  test('A7 what the settings say anew is taken, once', async () => {
    await start(drop());
    const sql = (await database.get()).as('worker', 1);
    await sql`update hub.schedule set cron = '5 5 * * *'`;
    const changed = drop({ schedule: '7 7 * * *', isEnabled: true });
    expect([...(await start(changed, '8 8 * * *'))]).toEqual([
      { name: 'nightly', cron: '8 8 * * *', on: true },
      { name: 'sync income', cron: '7 7 * * *', on: true },
    ]);
    expect((await start(new Map(), '8 8 * * *'))[1]).toMatchObject({ on: false });
    expect((await start(changed, '8 8 * * *'))[1]).toMatchObject({ on: true });
  });
});
