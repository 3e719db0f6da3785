/** Callers who send too much, or begin and never end. */
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { apiUnderTest, entriesOf } from '../api/api-under-test.ts';

const base = {
  host: '127.0.0.1',
  port: 0,
  trustedProxies: ['127.0.0.1'],
  limits: { depth: 10, cost: 5000, tokens: 2000 },
};
const strict = apiUnderTest({ config: { ...base, rates: { perAddress: 12, perActor: 5 } } });
const patient = apiUnderTest({
  config: { ...base, slowest: { headersMs: 200, requestMs: 400, checkMs: 50 } },
});

const from = (address: string) => ({ 'x-forwarded-for': address });
const QUERY = '{ hello }';

test('H8 before sign-in an address is heard so often and then told when to come back, in both languages', async () => {
  const { fetch, database } = await strict.get();
  const guess = (address: string) =>
    fetch('/graphql', {
      method: 'POST',
      headers: { ...from(address), 'content-type': 'application/json', authorization: 'Bearer x' },
      body: JSON.stringify({ query: QUERY }),
    });
  const statuses: number[] = [];
  for (let n = 0; n < 14; n += 1) statuses.push((await guess('203.0.113.7')).status);
  expect(statuses).toEqual([...Array(12).fill(401), 429, 429]);
  const refused = await guess('203.0.113.7');
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  const { errors } = (await refused.json()) as {
    errors: { message: string; extensions: object }[];
  };
  expect(errors[0]).toMatchObject({
    message: expect.stringMatching(/^请求过于频繁，请 \d+ 秒后再试。$/),
    extensions: {
      code: 'RATE_LIMITED',
      hubCode: 'rate.exceeded',
      english: expect.stringMatching(/^Too many requests\. Try again in \d+ s\.$/),
    },
  });
  // Who was turned away here was not looked at: no entry of the log, no question to the database.
  const guesses = (await entriesOf(database)).filter(({ operation }) => operation === 'sign-in');
  expect(guesses).toHaveLength(12);
  // Another address is heard; a caller of one IPv6 network is one caller.
  expect((await guess('203.0.113.8')).status).toBe(401);
  const networks = [];
  for (let n = 0; n < 13; n += 1) networks.push((await guess(`2001:db8:1:2::${n + 1}`)).status);
  expect(networks.at(-1)).toBe(429);
  // Whoever watches over the process is never turned away.
  for (let n = 0; n < 20; n += 1) {
    expect((await fetch('/health/live', { headers: from('203.0.113.7') })).status).toBe(200);
  }
});

test('H8 an actor is heard so often, from however many addresses; others meanwhile as before', async () => {
  const { post } = await strict.get();
  const ask = (actor: string, n: number) =>
    post(QUERY, { actor, headers: from(`198.51.100.${n}`) });
  const statuses: number[] = [];
  for (let n = 0; n < 7; n += 1) statuses.push((await ask('analyst', n)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
  expect((await ask('city-analyst', 99)).data).toEqual({ hello: '你好' });
});

test('H8 floods are counted for whoever watches, without an address or a name', async () => {
  const { ownMetrics } = await import('../../src/platform/metrics.ts');
  const text = await ownMetrics.metrics();
  expect(text).toMatch(/hub_refusals_total\{code="rate.exceeded"\} [1-9]/);
  expect(text).not.toMatch(/203\.0\.113|198\.51\.100/);
});

/** What the server answers to bytes that never become a request, once it hangs up. */
async function untilClosed(lines: readonly string[]): Promise<string> {
  const { url } = await patient.get();
  return new Promise((done, fail) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
    });
    socket.on('error', fail).on('close', () => done(heard));
    socket.write(lines.join('\r\n'));
  });
}

test('H6 a request whose headers or body never end is closed, and others are answered meanwhile', async () => {
  const { token, post } = await patient.get();
  const headers = [
    'POST /graphql HTTP/1.1',
    'host: hub',
    'content-type: application/json',
    `authorization: Bearer ${await token()}`,
  ];
  const half = untilClosed([...headers, 'x-purpose: some']);
  const body = untilClosed([...headers, 'content-length: 100', '', '{"query":']);
  const stranger = untilClosed([...headers.slice(0, 3), 'content-length: 100', '', '{"query":']);
  const silent = Array.from({ length: 50 }, () => untilClosed(headers));
  expect((await post(QUERY)).data).toEqual({ hello: '你好' });
  expect(await half).toMatch(/^HTTP\/1.1 408/);
  expect(await body).toMatch(/^HTTP\/1.1 408/);
  expect(await stranger).toMatch(/^HTTP\/1.1 401/);
  await Promise.all(silent);
});
