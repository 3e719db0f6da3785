import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('A3 a connection that ends in the middle of transactions fails them all, and every connection serves again', async () => {
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
