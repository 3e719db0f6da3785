/**
 * Two batches that meet at the worst moment: each has done its first half when the other begins its
 * second. The graph must be the one they give one after the other.
 */
import { beforeEach, expect, test } from 'vitest';
import type { Connector } from '../../connectors/kit/index.ts';
import { registerFeeds, type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import type { Sql } from '../../src/platform/database.ts';
import { testDatabase } from '../harness/database.ts';
import { deliveries, littleCounty, type Package, syncContext } from '../harness/deliver.ts';
import { graphDigests } from '../harness/digests.ts';
import { emptyHub } from '../harness/empty-hub.ts';
import { checkInvariants } from '../harness/invariants.ts';
import {
  crossing,
  home,
  LI,
  official,
  relative,
  travelDocument,
  unit,
  WIFE,
} from '../harness/little-packages.ts';

const database = testDatabase();
let sql: Sql;
let owner: Sql;
let ctx: SyncContext;

/** The little county with a second border, at sea. */
async function connectors(): Promise<Map<string, Connector>> {
  const county = await littleCounty();
  const border = county.get('border');
  if (!border) throw new Error('no border');
  const sea = { ...border, id: 'sea', manifest: { ...border.manifest, feed: 'sea' } };
  return new Map([...county, ['sea', sea]]);
}

beforeEach(async () => {
  const { as } = await database.get();
  sql ??= as('worker', 12);
  owner ??= as('owner', 2);
  await startAnew();
});

async function startAnew() {
  await emptyHub(owner);
  ctx = { ...(await syncContext(sql)), connectors: await connectors() };
  await registerFeeds(sql, ctx.connectors);
}

const sync = async (each: Package) => {
  const outcome = await syncFeed(ctx, each.feed, deliveries([each]), 'test');
  expect(outcome.error).toBeUndefined();
};
const syncAll = async (packages: readonly Package[]) => {
  for (const each of packages) await sync(each);
};

/** Holds what `statement` takes until each run waits for something or is through, then lets go. */
async function meet(statement: string, one: Package, other: Package): Promise<void> {
  let goOn: () => void = () => undefined;
  const until = new Promise<void>((done) => {
    goOn = done;
  });
  let closed: () => void = () => undefined;
  const isClosed = new Promise<void>((done) => {
    closed = done;
  });
  const gate = owner.begin(async (tx) => {
    await tx.unsafe(statement);
    closed();
    await until;
  });
  await isClosed;
  let through = 0;
  const counted = async (each: Package) => {
    await sync(each);
    through += 1;
  };
  const runs = Promise.all([counted(one), counted(other)]);
  const waiting = () => owner`select 1 from pg_stat_activity where datname = current_database()
    and wait_event_type = 'Lock'`;
  try {
    await expect.poll(async () => through + (await waiting()).length, { timeout: 15_000 }).toBe(2);
  } finally {
    goOn();
  }
  await gate;
  await runs;
}

const lockOf = (name: string) => `select pg_advisory_xact_lock(hashtext('hub.link.${name}'))`;
const GRAPH = lockOf('graph');
const CHANGE = lockOf('change');

const ROSTER: Package = {
  feed: 'roster',
  asOf: '2026-01-05',
  sheets: { units: [unit('U1', '财政局')], officials: [official(LI, '李明')] },
};
const FAMILY: Package = {
  feed: 'family',
  asOf: '2026-01-20',
  sheets: { family: [relative(LI, WIFE, '王芳')] },
};
const HOMES: Package = {
  feed: 'homes',
  asOf: '2026-01-10',
  sheets: { homes: [home('H1', WIFE), home('H2', LI)] },
};
const at = (feed: string, asOf: string, sheets: Package['sheets']): Package => ({
  feed,
  asOf,
  sheets,
});

/** The same packages one after the other and at once: same graph, and a rebuild agrees. */
async function compare(before: readonly Package[], gate: string, one: Package, other: Package) {
  await syncAll([...before, one, other]);
  const expected = await graphDigests(sql);
  await startAnew();
  await syncAll(before);
  await meet(gate, one, other);
  expect(await graphDigests(sql)).toEqual(expected);
  await checkInvariants(ctx);
}

test('C2 a roster and a declaration that are linked at once know each other', async () => {
  await compare([], GRAPH, ROSTER, FAMILY);
});

test('C2 facts linked while their person enters the population are not lost', async () => {
  await compare([ROSTER], GRAPH, FAMILY, HOMES);
  expect(await sql`select 1 from hub.property`).toHaveLength(2);
});

test('C2 a crossing corrected while another feed finds its traveller is linked once', async () => {
  const exit = crossing('E10000009', '李明', '出', '2026-01-02 10:00:00');
  await compare(
    [ROSTER, at('border', '2026-02-01', { documents: [], crossings: [exit] })],
    GRAPH,
    at('border', '2026-02-02', { documents: [], crossings: [{ ...exit, 口岸: '珠海' }] }),
    at('sea', '2026-02-03', {
      documents: [travelDocument('E10000009', LI, '李明')],
      crossings: [],
    }),
  );
  const ports = await sql`select port, known_from from hub.crossing order by known_from`;
  expect(ports.map(({ port }) => port)).toEqual(['深圳湾', '珠海']);
});

test('C3 a document learned while another feed looks for it is found', async () => {
  await compare(
    [ROSTER],
    'lock table hub.quarantine in access exclusive mode',
    at('border', '2026-02-02', {
      documents: [travelDocument('E10000009', LI, '李明')],
      crossings: [],
    }),
    at('sea', '2026-02-03', {
      documents: [],
      crossings: [crossing('E10000009', '李明', '出', '2026-01-02 10:00:00')],
    }),
  );
  expect(await sql`select 1 from hub.crossing`).toHaveLength(1);
  expect(await sql`select 1 from hub.quarantine`).toHaveLength(0);
});

test('C2 crossings of one person from two borders give the trips both tell of', async () => {
  const documents = [travelDocument('E10000009', LI, '李明')];
  await compare(
    [ROSTER, at('border', '2026-02-01', { documents, crossings: [] })],
    CHANGE,
    at('border', '2026-02-02', {
      documents: [],
      crossings: [crossing('E10000009', '李明', '出', '2026-01-02 10:00:00')],
    }),
    at('sea', '2026-02-03', {
      documents: [],
      crossings: [crossing('E10000009', '李明', '入', '2026-01-05 10:00:00')],
    }),
  );
  const trips = await sql`select is_complete from hub.trip`;
  expect([...trips]).toEqual([{ is_complete: true }]);
});
