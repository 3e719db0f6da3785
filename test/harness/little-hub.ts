/** The little county in a hub of its own, empty again before every test of a file. */
import { beforeEach, expect } from 'vitest';
import { registerFeeds, type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import type { Sql } from '../../src/platform/database.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { deliveries, littleCounty, type Package, syncContext } from './deliver.ts';
import { emptyHub } from './empty-hub.ts';

export type LittleHub = {
  database: TestDatabase;
  /** Role worker. */
  sql: Sql;
  owner: Sql;
  ctx: SyncContext;
  /** Empties every table and registers the feeds anew; for a second hub within one test. */
  startAnew(): Promise<void>;
};

/** Call once at the top of a test file; `take` is given the hub before every test. */
export function littleHub(take: (hub: LittleHub) => void | Promise<void>): void {
  const made = testDatabase();
  let opened: { database: TestDatabase; sql: Sql; owner: Sql } | undefined;
  beforeEach(async () => {
    const database = await made.get();
    opened ??= { database, sql: database.as('worker', 6), owner: database.as('owner', 2) };
    const { sql, owner } = opened;
    const startAnew = async () => {
      await emptyHub(owner);
      await registerFeeds(sql, await littleCounty());
    };
    await startAnew();
    await take({ ...opened, ctx: await syncContext(sql), startAnew });
  });
}

/** Syncs packages of one feed in one run, which must not fail. */
export async function syncWell(ctx: SyncContext, packages: readonly Package[]) {
  const outcome = await syncFeed(ctx, packages[0]?.feed ?? '', deliveries(packages), 'test');
  expect(outcome.error).toBeUndefined();
  return outcome;
}
