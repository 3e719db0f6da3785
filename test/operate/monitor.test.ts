/** What those who run a hub are told of it: true counts, closed lists for labels, nobody's name. */
import { afterEach, expect, test } from 'vitest';
import { createLog, silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { openMonitor } from '../../src/operate/monitor.ts';
import { readinessOf } from '../../src/operate/readiness.ts';
import { openStoredState } from '../../src/operate/stored-state.ts';
import { type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import { connect, type Sql } from '../../src/platform/database.ts';
import type { Jobs } from '../../src/platform/queue.ts';
import { cutWire } from '../harness/cut-proxy.ts';
import type { TestDatabase } from '../harness/database.ts';
import { deliveries, type Package } from '../harness/deliver.ts';
import { littleHub } from '../harness/little-hub.ts';
import { home, LI, official, unit } from '../harness/little-packages.ts';
import { until } from '../harness/until.ts';

let ctx: SyncContext;
let database: TestDatabase;
let owner: Sql;
littleHub((hub) => {
  ({ ctx, database, owner } = hub);
});
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const TOKEN = new Secret('a token of this test, long enough');
const depths: Jobs['depths'] = async () => new Map([['sync', { waiting: 3, active: 1 }]] as const);

async function monitorOf(url: Secret, jobs: Pick<Jobs, 'depths'> = { depths }) {
  const log: string[] = [];
  const it = createLog((line) => log.push(line));
  const sql = connect(url, { role: 'worker', max: 1 });
  const stored = openStoredState({ sql, jobs, clock: ctx.clock, log: it });
  const isReady = readinessOf(sql, 'worker', silentLog);
  const options = { host: '127.0.0.1', port: 0, token: TOKEN, isReady, stored, log: it };
  const monitor = await openMonitor(options);
  ends.push(() => sql.end({ timeout: 2 }), monitor.close);
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${monitor.port}${path}`, { headers });
  const metrics = async () => {
    const answer = await get('/metrics', { authorization: `Bearer ${TOKEN.reveal()}` });
    expect(answer.status).toBe(200);
    return answer.text();
  };
  return { get, metrics, log };
}

/** Names with labels, and values. */
const samplesOf = (text: string) =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );

const roster: Package = {
  feed: 'roster',
  asOf: '2026-01-05',
  sheets: { units: [unit('U1', '财政局')], officials: [official(LI, '李明')] },
};
const homes: Package = { feed: 'homes', asOf: '2026-01-10', sheets: { homes: [home('H1', LI)] } };

test('L4 syncs, rows, quarantine, oldest batch, queue depth and leases are told as they are', async () => {
  await syncFeed(ctx, 'roster', deliveries([roster]), 'test');
  const bad = { ...homes, sheets: { homes: [home('H1', LI), home('H2', LI, { 面积: '很大' })] } };
  await syncFeed(ctx, 'homes', deliveries([bad]), 'test').catch(() => undefined);
  const [batch] = await owner<{ landed: number; quarantined: number }[]>`
    select rows_landed as landed, rows_quarantined as quarantined from hub.batch where feed_id = 'homes'`;
  const hourAgo = new Date(ctx.clock.now().getTime() - 3_600_000);
  await owner`update hub.batch set received_at = ${hourAgo}`;
  await owner`update hub.batch set state = 'landed' where feed_id = 'homes'`;
  await owner`insert into hub.lease values ('feed:homes', 7, 'somebody', ${new Date(ctx.clock.now().getTime() + 9000)})`.catch(
    () =>
      owner`update hub.lease set holder = 'somebody', expires_at = ${new Date(ctx.clock.now().getTime() + 9000)} where name = 'feed:homes'`,
  );
  const { metrics } = await monitorOf(database.url);
  const samples = samplesOf(await metrics());
  expect(Object.fromEntries(samples)).toMatchObject({
    'hub_syncs{feed="roster",state="done"}': 1,
    'hub_rows{feed="roster",state="landed"}': 2,
    'hub_rows{feed="homes",state="landed"}': batch?.landed,
    'hub_rows{feed="homes",state="quarantined"}': batch?.quarantined,
    'hub_batches{feed="homes",state="landed"}': 1,
    'hub_oldest_unlinked_batch_seconds{feed="homes"}': 3600,
    'hub_oldest_unlinked_batch_seconds{feed="roster"}': 0,
    'hub_queue_jobs{queue="sync",state="waiting"}': 3,
    'hub_lease_held{lease="feed:homes"}': 1,
    'hub_state_up{store="database"}': 1,
    'hub_state_up{store="queue"}': 1,
  });
  expect(batch?.quarantined).toBeGreaterThan(0);
  expect(samples.has('process_resident_memory_bytes')).toBe(true);
  expect(samples.has('nodejs_eventloop_lag_seconds')).toBe(true);
});

test('L4 the newest night tells which rules it could not answer', async () => {
  for (const [no, night] of [
    'f3b0c442-98fc-4c14-9afb-f4c8996fb924',
    'a3b0c442-98fc-4c14-9afb-f4c8996fb924',
  ].entries()) {
    await owner`insert into hub.night (night_id, as_of, mode, state, requested_by, started_at, ended_at, done_no,
        rules_evaluated, rules_stale, rules_failed)
      values (${night}, '2026-01-31', 'full', 'done', 'test', ${ctx.clock.now()}, ${ctx.clock.now()}, ${no + 1}, ${8 - no}, 1, ${no})`;
    await owner`insert into hub.rule_run (night_id, rule_id, rule_version, kit_version, state)
      values (${night}, 'A01', 1, 1, 'stale')`;
  }
  await owner`update hub.rule_run set state = 'failed' where night_id::text like 'a3%'`;
  const { metrics } = await monitorOf(database.url);
  expect(Object.fromEntries(samplesOf(await metrics()))).toMatchObject({
    'hub_nights{state="done"}': 2,
    'hub_night_rules{state="evaluated"}': 7,
    'hub_night_rules{state="stale"}': 1,
    'hub_night_rules{state="failed"}': 1,
    'hub_night_rule_unanswered{rule="A01",state="failed"}': 1,
  });
});

test('L4 no label holds a person, a number of one, an id or a sentence', async () => {
  await syncFeed(ctx, 'roster', deliveries([roster]), 'test');
  await syncFeed(ctx, 'homes', deliveries([homes]), 'test');
  const { metrics } = await monitorOf(database.url);
  for (const sample of samplesOf(await metrics()).keys()) {
    for (const [, value = ''] of sample.matchAll(/="([^"]*)"/g)) {
      expect(value).toMatch(/^[\w.:+/*-]{0,40}$/);
      expect(value).not.toMatch(/\d{6}|[0-9a-f]{8}-/);
    }
  }
});

test('L4 metrics ask for the token, health does not; nothing else is there', async () => {
  const { get } = await monitorOf(database.url);
  expect((await get('/metrics')).status).toBe(401);
  expect((await get('/metrics', { authorization: 'Bearer wrong' })).status).toBe(401);
  expect(await (await get('/health/live')).json()).toEqual({ status: 'live' });
  expect(await (await get('/health/ready')).json()).toEqual({ status: 'ready' });
  expect((await get('/')).status).toBe(404);
  const posted = await get('/health/live').then(({ url }) => fetch(url, { method: 'POST' }));
  expect(posted.status).toBe(404);
});

test('L4 without database or queue the monitor says so, and tells nothing it does not know', async () => {
  const wire = await cutWire(database.url);
  ends.push(wire.close);
  let isLost = false;
  const lost: Jobs['depths'] = async () => {
    if (isLost) throw new Error('lost');
    return depths();
  };
  const { get, metrics } = await monitorOf(wire.url, { depths: lost });
  expect((await get('/health/ready')).status).toBe(200);
  await wire.away();
  isLost = true;
  await until(async () => (await get('/health/ready')).status === 503);
  expect((await get('/health/ready')).headers.get('retry-after')).toBe('5');
  expect((await get('/health/live')).status).toBe(200);
  const samples = samplesOf(await metrics());
  expect(samples.get('hub_state_up{store="database"}')).toBe(0);
  expect(samples.get('hub_state_up{store="queue"}')).toBe(0);
  expect([...samples.keys()].filter((name) => /^hub_(rows|queue_jobs|batches)/.test(name))).toEqual(
    [],
  );
  await wire.back();
  isLost = false;
  await until(async () => (await get('/health/ready')).status === 200);
  await until(async () => samplesOf(await metrics()).get('hub_state_up{store="database"}') === 1);
});

test('L4 readiness is refused where a migration is missing', async () => {
  const { get } = await monitorOf(database.url);
  const [last] = await owner`delete from migrations.applied
    where tag = (select max(tag) from migrations.applied) returning tag, hash`;
  expect((await get('/health/ready')).status).toBe(503);
  await owner`insert into migrations.applied (tag, hash) values (${last?.tag}, ${last?.hash})`;
});
