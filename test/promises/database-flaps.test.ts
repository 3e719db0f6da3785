import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { connect, type Sql } from '../../src/platform/database.ts';
import { type CutWire, cutWire } from '../harness/cut-proxy.ts';
import { testDatabase } from '../harness/database.ts';
import { until } from '../harness/until.ts';

const database = testDatabase();
const TIMES = 12;
const CONNECTIONS = 3;

let wire: CutWire;
let sql: Sql;
beforeAll(async () => {
  wire = await cutWire((await database.get()).url);
  sql = connect(wire.url, { role: 'worker', max: CONNECTIONS });
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await wire.close();
});

const work = () =>
  sql.begin(async (tx) => {
    await tx`select pg_sleep(0.005)`;
    await tx`select 1`;
  });

test('A4 a connection that ends in the middle of transactions fails them all, and every connection serves again', async () => {
  let asked = 0;
  let answered = 0;
  let isOver = false;
  const caller = async () => {
    while (!isOver) {
      asked += 1;
      await work().catch(() => undefined);
      answered += 1;
    }
  };
  const callers = Promise.all(Array.from({ length: CONNECTIONS + 1 }, caller));
  for (let i = 0; i < TIMES; i++) {
    const before = answered;
    await until(async () => answered > before + CONNECTIONS);
    await wire.away();
    await wire.back();
  }
  isOver = true;
  // Nobody waits for an answer that does not come, and the process is alive to say so.
  await callers;
  expect(answered).toBe(asked);
  const together = () => Promise.allSettled(Array.from({ length: CONNECTIONS }, work));
  await until(async () => (await together()).every(({ status }) => status === 'fulfilled'));
});

test('L4 a server that takes no more connections is heard after one ended in the middle of a statement', async () => {
  const { url } = await database.get();
  const owner = (await database.get()).as('owner', 1);
  const login = 'hub_flaps_crowded';
  await owner.unsafe(`create role ${login} login password '${login}' in role hub_worker`);
  const own = new URL(url.reveal());
  own.username = login;
  own.password = login;
  const crowded = connect(new Secret(own.href), { role: 'worker', max: 1 });
  try {
    const cut = crowded`select pg_sleep(600)`.execute();
    cut.catch(() => undefined);
    await until(async () => {
      const sleeping = await owner`select 1 from pg_stat_activity
        where usename = ${login} and wait_event = 'PgSleep'`;
      return sleeping.length > 0;
    });
    await owner.unsafe(`alter role ${login} connection limit 0`);
    await owner`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${login}`;
    await expect(cut).rejects.toBeDefined();
    await expect(crowded`select 1`).rejects.toMatchObject({ code: '53300' });
  } finally {
    await crowded.end({ timeout: 1 });
    await owner.unsafe(`drop role ${login}`);
  }
});
