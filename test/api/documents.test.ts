/** Registered documents as clients ask them by id, and as an application registers them by command. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { consoleActor } from '../../src/act/actor-row.ts';
import { registerDocuments, removeDocuments } from '../../src/act/register-documents.ts';
import { judgeDocument, readManifest } from '../../src/api/document-manifest.ts';
import { LIMITS } from '../../src/api/limits.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { dataFolder, hub } from '../harness/hub-process.ts';
import { type Api, apiUnderTest, entriesOf } from './api-under-test.ts';
import { CANARY } from './stand-in-schema.ts';

const HELLO = 'query Greeting { hello }';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const byConsole = ({ database }: Pick<Api, 'database'>) => ({
  ...{ sql: database.as('api', 1), actor: consoleActor('wang') },
  ...{ clock: systemClock, purpose: undefined },
});

type Asked = Record<string, unknown>;
type Way = { method?: 'GET' | 'POST'; accept?: string; actor?: string };
const plainJson = 'application/json';
const newer = 'application/graphql-response+json';

async function ask(api: Api, parts: Asked, { method = 'POST', accept = newer, actor }: Way = {}) {
  const headers = { accept, authorization: `Bearer ${await api.token(actor)}` };
  const written = Object.entries(parts).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const response = await (method === 'GET'
    ? api.fetch(`/graphql?${new URLSearchParams(written)}`, { headers })
    : api.fetch('/graphql', {
        method,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(parts),
      }));
  const { data, errors } = JSON.parse(await response.text());
  return { status: response.status, data, error: errors?.[0] };
}
const asApollo = (sha256Hash: unknown) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash } },
});

const seconds = { later: 0 };
const clock: Clock = {
  ...systemClock,
  now: () => new Date(systemClock.now().getTime() + seconds.later * 1000),
};
const opened = apiUnderTest({ clock });
const none = apiUnderTest();
const strict = apiUnderTest({ registeredOnly: ['operator', 'account:city-analyst'] });

async function withHello(api: { get(): Promise<Api> } = opened): Promise<Api> {
  const it = await api.get();
  const texts = new Map([
    [sha256(HELLO), HELLO],
    ['greeting', HELLO],
  ]);
  await registerDocuments(byConsole(it), texts);
  return it;
}

test.each([
  ['documentId', { documentId: 'greeting' }],
  ['as Apollo and urql send it', asApollo(sha256(HELLO))],
  ['with the registered text beside it', { ...asApollo('greeting'), query: HELLO }],
])('H4 a registered document runs by its id, over POST and GET: %s', async (_, parts) => {
  const api = await withHello();
  for (const method of ['POST', 'GET'] as const) {
    const { status, data } = await ask(api, parts, { method });
    expect([status, data]).toEqual([200, { hello: '你好' }]);
  }
  expect((await entriesOf(api.database)).at(-1)).toMatchObject({ operation: 'Greeting(hello)' });
});

test('H4 an unknown id is refused in the words clients look for, and in ours beside them', async () => {
  const api = await withHello();
  for (const parts of [asApollo(sha256('other')), { documentId: 'no such id!' }, asApollo(7)]) {
    const { status, error } = await ask(api, parts);
    expect([status, error]).toMatchObject([
      400,
      {
        message: 'PersistedQueryNotFound',
        extensions: {
          code: 'PERSISTED_QUERY_NOT_FOUND',
          hubCode: 'document.unknown',
          chinese: '没有登记这个编号的查询文档。',
        },
      },
    ]);
    expect((await ask(api, parts, { accept: plainJson })).status).toBe(200);
  }
  const entry = (await entriesOf(api.database)).at(-1);
  expect(entry).toMatchObject({ operation: 'document', outcome: 'refused:document.unknown' });
});

test('H4 automatic persisted queries are refused as not supported, and nothing is registered by asking', async () => {
  const api = await none.get();
  for (const method of ['POST', 'GET'] as const) {
    const { error } = await ask(api, asApollo(sha256(HELLO)), { method });
    expect(error).toMatchObject({
      message: 'PersistedQueryNotSupported',
      extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
    });
    const parts = { ...asApollo(sha256(HELLO)), query: HELLO };
    expect((await ask(api, parts, { method })).data).toEqual({ hello: '你好' });
  }
  expect(await api.database.as('owner', 1)`select 1 from hub.registered_document`).toEqual([]);
});

test('H4 an id never runs another text than the one registered', async () => {
  const api = await withHello();
  const { error } = await ask(api, { documentId: 'greeting', query: '{ planned }' });
  expect(error.extensions.hubCode).toBe('document.other-text');
  const other = new Map([
    ['fresh', HELLO],
    ['greeting', '{ planned }'],
  ]);
  await expect(registerDocuments(byConsole(api), other)).rejects.toMatchObject({
    code: 'document.other-text',
  });
  expect((await ask(api, { documentId: 'fresh' })).error.message).toBe('PersistedQueryNotFound');
});

test.each([
  ['a role', 'operator'],
  ['an account', 'city-analyst'],
])(
  'H4 %s that is held to registered documents runs no other, and loses nothing of those',
  async (_, actor) => {
    const api = await withHello(strict);
    const ran = api.standIn.ran.length;
    for (const parts of [
      { query: HELLO },
      { ...asApollo(sha256('{ hello }')), query: '{ hello }' },
    ]) {
      for (const method of ['POST', 'GET'] as const) {
        const { error } = await ask(api, parts, { actor, method });
        expect(error.extensions).toMatchObject({
          code: 'PERSISTED_QUERY_ID_REQUIRED',
          hubCode: 'document.required',
        });
      }
    }
    expect(api.standIn.ran.length).toBe(ran);
    expect((await ask(api, { documentId: 'greeting' }, { actor })).data).toEqual({ hello: '你好' });
    expect((await ask(api, { query: '{ hello }' })).data).toEqual({ hello: '你好' });
  },
);

test('H4 a document that was taken off the list is refused within seconds', async () => {
  const api = await withHello();
  expect((await ask(api, { documentId: 'greeting' })).data).toEqual({ hello: '你好' });
  expect(await removeDocuments(byConsole(api), ['greeting', 'never'])).toEqual(['greeting']);
  seconds.later += 6;
  expect((await ask(api, { documentId: 'greeting' })).error.message).toBe('PersistedQueryNotFound');
});

test('G2 nobody but an administrator registers a document, and nobody under another name', async () => {
  const { database } = await opened.get();
  const sql = database.as('api', 1);
  const insert = (roles: string, by: string) =>
    sql.begin(async (tx) => {
      await tx`select set_config('hub.actor', 'chen', true), set_config('hub.roles', ${roles}, true)`;
      await tx`insert into hub.registered_document values ('x', '{ hello }', now(), ${by})`;
    });
  await expect(insert('analyst', 'chen')).rejects.toMatchObject({ code: '42501' });
  await expect(insert('administrator', 'zhao')).rejects.toMatchObject({ code: '42501' });
  await insert('administrator', 'chen');
});

test('a role that does not exist refuses to start', async () => {
  const misspelt = apiUnderTest({ registeredOnly: ['analist'] });
  await expect(misspelt.get()).rejects.toMatchObject({
    code: 'config.invalid',
    details: { setting: 'HUB_REGISTERED_ONLY' },
  });
});

const me = 'query Me { me { name } }';
const red = 'query Red($first: Int!) { warnings(first: $first) { nodes { id } } }';
const limits = { ...LIMITS, objects: 100_000 };
const deep =
  'warnings(first: 100) { nodes { cadre { posts(first: 100) { nodes { id } } warnings(first: 100) { nodes { id } } } } }';
const nested = `{ ${'warnings(first: 1) { nodes { cadre { '.repeat(12)}name${' } } }'.repeat(12)} }`;
const many = `{ ${Array.from('abcdefghij', (a) => `${a}: ${deep}`).join(' ')} }`;

test.each([
  ['lacks nothing', red, undefined],
  ['asks what the schema lacks', '{ me { shoeSize } }', '没有字段 shoeSize'],
  ['costs too much', many, '查询过大'],
  ['is nested too deeply', nested, '嵌套过深'],
  ['is no GraphQL', '{ me ', 'GraphQL 语法错误'],
  ['holds two operations', `${me} query Other { me { name } }`, '只能是一个操作'],
  ['holds an identity number', `{ cadre(idNumber: "${CANARY}") { name } }`, '须作为变量'],
])('H4 a document is judged when it is registered: one that %s', (_, text, sentence) => {
  const why = judgeDocument(schema, text, limits);
  if (sentence === undefined) expect(why).toBeUndefined();
  else expect(why?.chinese).toContain(sentence);
  expect(why?.message ?? '').not.toContain(CANARY);
});

const apollo = (...operations: { id: string; body: string }[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: operations.map((each) => ({ ...each, name: 'X', type: 'query' })),
});

test('H4 a manifest is read as Apollo, Relay and others write it, and nothing else is taken for one', () => {
  const read = (content: unknown) => readManifest('m.json', JSON.stringify(content));
  expect([...read(apollo({ id: 'a', body: me }))]).toEqual([['a', me]]);
  expect([...read({ a: me, b: red })]).toEqual([
    ['a', me],
    ['b', red],
  ]);
  for (const wrong of [{ 'x y': me }, { a: 1 }, [me], 'me', { ...apollo(), version: 2 }]) {
    expect(() => read(wrong)).toThrow(/^The configuration is not valid: m\.json/);
  }
  expect(() => readManifest('m.json', 'query { me }')).toThrow('m.json: is not JSON');
  expect(() => read(apollo({ id: 'a', body: me }, { id: 'a', body: red }))).toThrow('another text');
});

test('H4 hub documents registers a manifest whole or not at all, and names what an upgrade left behind', async () => {
  const { database } = await none.get();
  const folder = dataFolder();
  const run = (...args: string[]) =>
    hub(['documents', ...args], {
      ...{ DATABASE_URL: database.url.reveal(), HUB_DEMO: 'on', HUB_DATA: folder },
      SUDO_USER: 'wang',
    });
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify({ good: me, bad: '{ me { shoeSize } }' }));
  const refused = await run('add', path);
  expect([refused.code, refused.stdout]).toEqual([
    1,
    expect.stringMatching(/^✗ bad: .*没有字段 shoeSize.*\n.*No document was registered/),
  ]);
  writeFileSync(path, JSON.stringify(apollo({ id: 'a', body: me })));
  expect((await run('add', path)).stdout).toContain('registered: 1；已登记 known before: 0');
  const owner = database.as('owner', 1);
  await owner`insert into hub.registered_document values ('old', '{ me { gone } }', now(), 'x')`;
  const { code, stdout } = await run('list');
  expect([code, stdout]).toEqual([
    1,
    expect.stringMatching(/^a \S+ console:wang\nold .* ✗ .*没有字段 gone/),
  ]);
  const removed = await run('remove', 'old', 'c');
  expect([removed.code, removed.stdout]).toEqual([
    1,
    'old: 已注销 removed\nc: 没有登记 was not registered\n',
  ]);
});
