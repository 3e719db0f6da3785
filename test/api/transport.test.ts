/** What clients of all kinds send without being told to, and what pages of other origins may not. */
import { expect, test } from 'vitest';
import { apiUnderTest, entriesOf } from './api-under-test.ts';
import { CANARY } from './stand-in-schema.ts';

const DESK = 'https://desk.example';
const api = apiUnderTest({ origins: [DESK] });

const ask = async (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) => {
  const { fetch, token } = await api.get();
  const response = await fetch(path, {
    redirect: 'manual',
    ...init,
    headers: { authorization: `Bearer ${await token()}`, ...init.headers },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
};
const json = { 'content-type': 'application/json' };
const cors = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => /^(access-control|vary)/.test(name)));

test('I6 a GET that carries its token is answered: no page can send that unasked', async () => {
  const { status, text } = await ask('/graphql?query=%7Bhello%7D');
  expect([status, JSON.parse(text).data]).toEqual([200, { hello: '你好' }]);
});

test('H3 an Accept header as urql writes it gets the newer media type', async () => {
  const { status, headers } = await ask('/graphql?query=%7Bhello%7D', {
    headers: {
      accept:
        'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    },
  });
  expect([status, headers.get('content-type')]).toEqual([
    200,
    'application/graphql-response+json; charset=utf-8',
  ]);
});

test('H3 operations in a batch are refused by that name', async () => {
  const body = JSON.stringify([{ query: '{ hello }' }]);
  const { status, text } = await ask('/graphql', { method: 'POST', headers: json, body });
  expect(status).toBe(400);
  expect(text).toContain('不接受批量请求');
});

test.each([
  ['among the variables', { query: '{ hello }', variables: `{"n":"${CANARY}"}` }],
  ['in the text', { query: `{ person(id: "${CANARY}") { name } }` }],
  ['with a letter at its end', { query: '{ hello }', variables: `{"n":"11010519491231002X"}` }],
])(
  'L1 an identity number in an address is refused, told why, and kept nowhere: %s',
  async (_, asked) => {
    const { standIn, database, log } = await api.get();
    const ran = standIn.ran.length;
    const { status, text } = await ask(`/graphql?${new URLSearchParams(asked)}`);
    expect(status).toBe(400);
    expect(JSON.parse(text).errors[0]).toMatchObject({
      message: expect.stringContaining('请改用 POST'),
      extensions: { english: expect.stringContaining('preferGetMethod: false') },
    });
    expect(standIn.ran.length).toBe(ran);
    const entries = await entriesOf(database);
    expect(entries.at(-1)).toMatchObject({
      operation: 'address',
      outcome: 'refused:request.invalid',
    });
    expect(JSON.stringify([entries, log, text])).not.toContain(CANARY);
    const body = JSON.stringify({ query: '{ hello }', variables: { n: CANARY } });
    expect((await ask('/graphql', { method: 'POST', headers: json, body })).status).toBe(200);
  },
);

test('I10 a page of a named origin may ask, and is told when to ask again', async () => {
  const preflight = await ask('/graphql', {
    method: 'OPTIONS',
    headers: {
      authorization: '',
      origin: DESK,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-purpose',
    },
  });
  expect([preflight.status, cors(preflight.headers)]).toEqual([
    204,
    {
      'access-control-allow-headers': 'authorization,content-type,x-purpose',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-origin': DESK,
      'access-control-expose-headers': 'retry-after, www-authenticate',
      'access-control-max-age': '600',
      vary: 'Origin',
    },
  ]);
  const answer = await ask('/graphql?query=%7Bhello%7D', { headers: { origin: DESK } });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, DESK]);
  // A page must be able to read why it was refused, too.
  const unknown = await ask('/graphql', { headers: { origin: DESK, authorization: '' } });
  expect([unknown.status, unknown.headers.get('access-control-allow-origin')]).toEqual([401, DESK]);
});

test.each([
  ['another origin', 'https://desk.example.evil', '/graphql'],
  ['another port', `${DESK}:8443`, '/graphql'],
  ['no origin', 'null', '/graphql'],
  ['a page of the hub itself', DESK, '/operations/queues'],
])('I10 an origin that is not named reads nothing: %s', async (_, origin, path) => {
  for (const method of ['OPTIONS', 'GET']) {
    const headers = { origin, 'access-control-request-method': 'POST' };
    const answer = await ask(path, { method, headers });
    expect(Object.keys(cors(answer.headers)).filter((name) => name !== 'vary')).toEqual([]);
  }
});

test('the bare address says no more than any unknown path where there is no explorer', async () => {
  expect((await ask('/')).status).toBe(404);
});
