import { expect, test } from 'vitest';
import { apiUnderTest } from '../api/api-under-test.ts';

const api = apiUnderTest();

const send = async (
  init: RequestInit & { headers?: Record<string, string> },
  path = '/graphql',
) => {
  const { fetch, token } = await api.get();
  const response = await fetch(path, {
    ...init,
    headers: { authorization: `Bearer ${await token()}`, ...init.headers },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const body = JSON.stringify({ query: '{ hello }' });

const simpleRequests: [string, RequestInit & { headers?: Record<string, string> }, string?][] = [
  ['GET without a token', { headers: { authorization: '' } }, '/graphql?query=%7Bhello%7D'],
  ['GET as text', { headers: { 'content-type': 'text/plain' } }, '/graphql?query=%7Bhello%7D'],
  ['text/plain', { method: 'POST', body, headers: { 'content-type': 'text/plain' } }],
  [
    'text/plain; json',
    { method: 'POST', body, headers: { 'content-type': 'text/plain; application/json' } },
  ],
  [
    'a form',
    {
      method: 'POST',
      body: 'query={hello}',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
  ],
  [
    'multipart',
    {
      method: 'POST',
      body: '--x\r\n\r\n--x--',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    },
  ],
  ['no content type', { method: 'POST', body: new Blob([body]) }],
  [
    'an odd content type',
    { method: 'POST', body, headers: { 'content-type': 'application/graphql' } },
  ],
  ['a broken content type', { method: 'POST', body, headers: { 'content-type': 'json' } }],
  ['HEAD', { method: 'HEAD' }, '/graphql?query=%7Bhello%7D'],
  ['PUT', { method: 'PUT', body, headers: { 'content-type': 'application/json' } }],
  [
    'a method override',
    { headers: { 'x-http-method-override': 'POST' } },
    '/graphql?query=mutation%7Bchange%7D',
  ],
];

test.each(simpleRequests)(
  'I6 I7 nothing runs for a request a foreign page could send: %s',
  async (_, init, path) => {
    const { standIn } = await api.get();
    const before = standIn.ran.length;
    const { status } = await send(init, path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(standIn.ran.length).toBe(before);
  },
);

test('I7 a GET cannot change anything', async () => {
  const { post, standIn } = await api.get();
  const { errors, status } = await post('mutation { change }', { method: 'GET' });
  expect({ status, code: errors?.[0]?.extensions?.hubCode }).toEqual({
    status: 405,
    code: 'request.invalid',
  });
  expect(standIn.ran).not.toContain('change');
});

test('I10 another origin is told nothing it may read, and forwarded headers count for nothing', async () => {
  const { headers } = await send({
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      origin: 'https://evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
    },
  });
  expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
  expect([...headers.keys()]).not.toContain('x-powered-by');
});

test.each([
  ['a body over the limit', `{"query":"${' '.repeat(200_000)}"}`, 413],
  ['a hundred thousand levels', `{"query":"{hello}","variables":${'['.repeat(60_000)}`, 400],
  ['broken JSON', '{"query": ', 400],
  ['an empty body', '', 400],
  ['an array of operations', `[${body},${body}]`, 400],
  ['a reserved key', '{"query":"{hello}","__proto__":{"a":1}}', 400],
])('H3 H7 refused in our words: %s', async (_, text, expected) => {
  const { log } = await api.get();
  const { status, text: answer } = await send({
    method: 'POST',
    body: text,
    headers: { 'content-type': 'application/json' },
  });
  expect(status).toBe(expected);
  expect(JSON.parse(answer).errors[0].extensions.hubCode).toBe('request.invalid');
  expect(answer).not.toMatch(/position|token|FST_|unexpected/i);
  expect(log.join('')).not.toContain('http.failed');
});

test('H7 an exotic character set is refused or read, never fatal', async () => {
  const { status } = await send({
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json; charset=utf-7' },
  });
  expect([200, 400, 415]).toContain(status);
});

test('H3 a read goes out as the text PostgreSQL wrote', async () => {
  const { post } = await api.get();
  const { text, data } = await post('query Q { planned again: planned }');
  expect(data).toEqual({ planned: '来自 SQL {"', again: '来自 SQL {"' });
  expect(text).toMatch(/^\{"data":\{"planned"/);
});

test('H6 a caller who goes away stops the statement', async () => {
  const { url, token, database } = await api.get();
  const owner = database.as('owner', 1);
  const running = async () => {
    const [row] = await owner`select count(*)::int as n from pg_stat_activity
      where datname = current_database() and state = 'active' and query like '%pg_sleep(30)%'
        and pid <> pg_backend_pid()`;
    return row?.n;
  };
  const gone = new AbortController();
  const request = fetch(`${url}/graphql`, {
    method: 'POST',
    signal: gone.signal,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}` },
    body: JSON.stringify({ query: '{ slow }' }),
  }).catch(() => undefined);
  await expect.poll(running, { timeout: 60_000 }).toBe(1);
  gone.abort();
  await request;
  await expect.poll(running, { timeout: 60_000 }).toBe(0);
});

test('L4 live and ready tell the truth and nothing more', async () => {
  const { fetch, database } = await api.get();
  const ask = async (path: string) => {
    const response = await fetch(path);
    return `${response.status} ${await response.text()}`;
  };
  expect(await ask('/health/live')).toBe('200 {"status":"live"}');
  expect(await ask('/health/ready')).toBe('200 {"status":"ready"}');
  const owner = database.as('owner', 1);
  const becomes = (expected: string) =>
    expect.poll(() => ask('/health/ready'), { timeout: 60_000 }).toBe(expected);
  await owner`revoke insert on hub.access_log from hub_api`;
  await becomes('503 {"status":"not-ready"}');
  await owner`grant insert on hub.access_log to hub_api`;
  await becomes('200 {"status":"ready"}');
  await owner`update migrations.applied set hash = reverse(hash)`;
  await becomes('503 {"status":"not-ready"}');
  expect(await ask('/health/live')).toBe('200 {"status":"live"}');
  await owner`update migrations.applied set hash = reverse(hash)`;
  await becomes('200 {"status":"ready"}');
});

test('I10 an unknown path says no more than an unknown object', async () => {
  const { status, text } = await send({}, '/.env');
  expect(status).toBe(404);
  expect(JSON.parse(text).errors[0].extensions.hubCode).toBe('object.not-found');
});
