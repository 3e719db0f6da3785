/** A10 told to end, the program ends: whatever it waits for, with its lease given back and nothing half done. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Sql } from '../../src/platform/database.ts';
import { type Installation, installationOn } from '../harness/configured-hub.ts';
import { testDatabase } from '../harness/database.ts';
import { emptyHub } from '../harness/empty-hub.ts';
import { startLyingSource } from '../harness/feed-server.ts';
import { type HubProcess, hub, startHub } from '../harness/hub-process.ts';
import { lockIsAwaited } from '../harness/lock-waits.ts';
import { until } from '../harness/until.ts';

const database = testDatabase();
const source = await startLyingSource();
afterAll(() => source.close());
let owner: Sql;
beforeEach(async () => {
  const { as } = await database.get();
  owner ??= as('owner', 3);
  await emptyHub(owner);
});

const CSV = `纳税人识别号,纳税人姓名,所得年度,所得项目,扣缴义务人,扣缴义务人识别号,收入额,减除费用,已缴税额,是否汇算,申报日期,税务机关
99990119680315002X,张测试,2024,工资薪金,临江县虚构局,11999901MB00000012,126000.00,60000.00,3480.00,是,2025-03-12,x
`;
const deliver = ({ inbox }: Installation) =>
  writeFileSync(join(inbox, 'income_2026-06-30.csv'), CSV);

/** Holds a table so that whoever writes or reads it waits; `during` runs meanwhile. */
const whileLocked = (table: string, during: () => Promise<void>) =>
  owner.begin(async (tx) => {
    await tx.unsafe(`lock table ${table} in access exclusive mode`);
    await during();
  });
const somebodyWaits = (table: string) => lockIsAwaited(owner, { table });
const noLease = async () =>
  expect([...(await owner`select name from hub.lease where holder is not null`)]).toEqual([]);

async function endsWhenTold(running: HubProcess) {
  running.child.kill('SIGTERM');
  const { code, stderr } = await running.ended;
  expect(stderr).toContain('已按要求停止');
  expect(code).toBe(1);
}

test('in the middle of a COPY that waits; the next run lands the delivery', async () => {
  const place = installationOn(await database.get());
  // A first run makes this month's part of the table, which only the COPY asks for later.
  await hub(['sync', 'income'], place.settings);
  const [part] = await owner<{ name: string }[]>`
    select inhrelid::regclass::text as name from pg_inherits
    where inhparent = 'hub.landed_page'::regclass
      and inhrelid::regclass::text like ${`%${new Date().toISOString().slice(0, 7).replace('-', '_')}%`}`;
  const month = part?.name ?? '';
  deliver(place);
  await whileLocked(month, async () => {
    const running = startHub(['sync', 'income'], place.settings);
    await somebodyWaits(month);
    await endsWhenTold(running);
    await noLease();
  });
  const [run] = await owner`
    select state, error_code from hub.sync_run order by started_at desc limit 1`;
  expect(run).toEqual({ state: 'failed', error_code: 'run.stopped' });
  const again = await hub(['sync', 'income'], place.settings);
  expect(again.stdout).toContain('1 批 deliveries, 1 行 rows');
});

test('while a department’s database does not answer', async () => {
  await owner.unsafe(`create schema exchange;
    create table exchange.exchange_delivery (feed text, as_of date, sequence int, rows int, sealed_at timestamptz)`);
  const { url } = await database.get();
  const place = installationOn(
    await database.get(),
    `feeds: { income: { databaseUrl: "${url.reveal()}", schema: exchange } }`,
  );
  await whileLocked('exchange.exchange_delivery', async () => {
    const running = startHub(['sync', 'income'], place.settings);
    await somebodyWaits('exchange.exchange_delivery');
    await endsWhenTold(running);
    await noLease();
  });
});

test('while a department’s server does not answer', async () => {
  source.answer({ do: 'hang', when: 'after-headers' });
  const place = installationOn(
    await database.get(),
    `feeds: { income: { baseUrl: "${source.url}", allowHttp: true, requester: us, secret: 0123456789abcdef } }`,
  );
  const running = startHub(['sync', 'income'], place.settings);
  await until(async () => source.seen.length > 0);
  running.child.kill('SIGTERM');
  expect((await running.ended).code).toBe(1);
  await noLease();
});

test('in the middle of a night that waits; the night is on record as failed', async () => {
  const place = installationOn(await database.get());
  await whileLocked('hub.rule_run', async () => {
    const running = startHub(['correlate', '--as-of', '2026-06-30'], place.settings);
    await somebodyWaits('hub.rule_run');
    await endsWhenTold(running);
    await noLease();
  });
  const [night] = await owner`select state from hub.night`;
  expect(night).toEqual({ state: 'failed' });
});

test('A11 a run after a killed one says whom it waits for, and until when', async () => {
  const place = installationOn(await database.get());
  deliver(place);
  const expiresAt = new Date(Date.now() + 600_000);
  await owner`insert into hub.lease (name, token, holder, expires_at)
    values ('feed:income', 7, 'worker-1:4242', ${expiresAt})`;
  const waiting = startHub(['sync', 'income'], place.settings);
  await waiting.says(/waiting/);
  await owner`update hub.lease set holder = null where name = 'feed:income'`;
  const { code, stdout } = await waiting.ended;
  const shown = expiresAt.toLocaleTimeString('sv-SE', { timeZone: 'Asia/Shanghai' });
  expect(stdout).toMatch(/等待 waiting.*feed:income.*worker-1:4242/);
  expect(stdout).toContain(shown);
  expect(stdout.match(/waiting/g)).toHaveLength(1);
  expect(stdout).toContain('1 批 deliveries');
  expect(code).toBe(0);
});
