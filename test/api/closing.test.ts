import { connect as openSocket } from 'node:net';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { startServer } from '../../src/api/server.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { createReader } from '../../src/read/index.ts';
import { apiUnderTest } from './api-under-test.ts';

const api = apiUnderTest();

async function open(port: number) {
  const { database, keys } = await api.get();
  const schema = buildSchema('type Query { a: Int }');
  const reader = createReader({
    ...{ schema, databaseUrl: database.logins.api, identityKey: keys.identity },
    ...{ clock: systemClock, lanes: 1 },
  });
  return startServer({
    ...{
      schema,
      reader,
      databaseUrl: database.logins.api,
      keys,
      clock: systemClock,
      log: silentLog,
    },
    config: {
      ...{ host: '127.0.0.1', port, trustedProxies: [] },
      limits: { depth: 10, cost: 5000, tokens: 2000 },
    },
    actions: {
      startSync: () => Promise.reject(new Error('not here')),
      startCorrelation: () => Promise.reject(new Error('not here')),
    },
  });
}

const connections = async () => {
  const { database } = await api.get();
  const [row] = await database.as('owner', 1)`select count(*)::int as n from pg_stat_activity
    where datname = current_database() and application_name in ('hub-api', 'hub-api-audit')`;
  return Number(row?.n);
};

test('a port that is taken is reported, and nothing stays open', async () => {
  const first = await open(0);
  const before = await connections();
  await expect(open(first.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await expect.poll(connections, { timeout: 60_000 }).toBeLessThanOrEqual(before);
  await first.close();
});

test('closing lets a request under way finish and then refuses new ones', async () => {
  const { keys } = await api.get();
  const server = await open(0);
  const token = await keys.mint?.('analyst');
  const body = JSON.stringify({ query: '{ __typename }' });
  const socket = openSocket(server.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  await new Promise((done) => socket.once('connect', done));
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n` +
      `authorization: Bearer ${token}\r\nexpect: 100-continue\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  await expect.poll(() => answer, { timeout: 60_000 }).toContain('100 Continue');
  const closed = server.close();
  socket.write(body);
  await closed;
  expect(answer).toContain('"__typename":"Query"');
  await expect(fetch(`http://127.0.0.1:${server.port}/health/live`)).rejects.toThrow();
});
