import { expect, test } from 'vitest';
import { openAccessLog } from '../../src/audit/access-log.ts';
import { systemClock } from '../../src/base/clock.ts';
import { apiUnderTest, entriesOf } from '../api/api-under-test.ts';
import { CANARY, DOSSIER_GONE, DOSSIER_LOCK } from '../api/stand-in-schema.ts';

const api = apiUnderTest();
const PERSON = '6f1d0a52-4c1b-4a57-9d64-0e3a2f9b7c11';

async function entryOf(work: () => Promise<unknown>) {
  const { database } = await api.get();
  const before = (await entriesOf(database)).length;
  await work();
  return (await entriesOf(database)).slice(before);
}

test('F1 a read leaves one entry: who, what, why, how many, outcome', async () => {
  const { post } = await api.get();
  const headers = { 'x-purpose': encodeURIComponent('核查个人事项') };
  const entries = await entryOf(() => post('query Look { planned }', { headers }));
  expect(entries).toEqual([
    {
      actor_id: 'analyst',
      operation: 'Look(planned)',
      purpose: '核查个人事项',
      persons: [],
      asked_for: null,
      rows: 1,
      outcome: 'ok',
    },
  ]);
});

test.each([
  [
    'fragment',
    `query { ...F } fragment F on Query { person(id: "Cadre:${PERSON}") { name } }`,
    undefined,
  ],
  ['inline fragment', `{ ... { person(id: "Cadre:${PERSON}") { name } } }`, undefined],
  ['literal', `{ person(id: "Cadre:${PERSON}") { name } }`, undefined],
  ['variable', 'query Q($id: ID) { person(id: $id) { name } }', { id: `Home:${PERSON}.${PERSON}` }],
])(
  'F1 where nothing was handed out the entry names the person asked for, by %s',
  async (_, query, variables) => {
    const { post } = await api.get();
    expect(await entryOf(() => post(query, { variables }))).toMatchObject([
      { persons: [], asked_for: PERSON },
    ]);
  },
);

const NOBODY = PERSON.replace('6', '7');
const dossier = (fields: string, person = PERSON) =>
  `{ dossier(id: "Cadre:${person}") { ${fields} } }`;
const shown = { persons: [PERSON], asked_for: null, outcome: 'ok' };
const nothing = (person: string) => ({ persons: [], asked_for: person });

test('F1 an entry names whose rows were handed out; one that had nothing or failed, who was asked for', async () => {
  const { post } = await api.get();
  expect(await entryOf(() => post(dossier('name')))).toMatchObject([{ ...shown, rows: 1 }]);
  expect(await entryOf(() => post(dossier('name')))).toMatchObject([{ ...shown, rows: null }]);
  expect(await entryOf(() => post(dossier('name', NOBODY)))).toMatchObject([
    { ...nothing(NOBODY), rows: 0, outcome: 'ok' },
  ]);
  expect(await entryOf(() => post(dossier('broken')))).toMatchObject([
    { ...nothing(PERSON), rows: null, outcome: 'failed:internal' },
  ]);
  // The brace in the text counts as one more object.
  const beside = `{ dossier(id: "Cadre:${PERSON}") { name } planned }`;
  expect(await entryOf(() => post(beside))).toMatchObject([{ ...shown, rows: 2 }]);
});

test('F1 a person expected and not shown is followed by an entry that says so', async () => {
  const { post, database } = await api.get();
  await post(dossier('name'));
  const holder = database.as('owner', 1);
  await holder`select pg_advisory_lock(${DOSSIER_GONE})`;
  expect(await entryOf(() => post(dossier('name')))).toMatchObject([
    { ...shown, rows: null },
    { ...nothing(PERSON), rows: 0, outcome: 'ok' },
  ]);
  await holder`select pg_advisory_unlock(${DOSSIER_GONE})`;
});

test('F1 the entry of a question asked before is on disk while PostgreSQL still reads', async () => {
  const { post, database } = await api.get();
  await post(dossier('waits'));
  const holder = database.as('owner', 1);
  const before = (await entriesOf(database)).length;
  await holder`select pg_advisory_lock(${DOSSIER_LOCK})`;
  const asked = post(dossier('waits'));
  await expect.poll(async () => (await entriesOf(database)).length).toBe(before + 1);
  await holder`select pg_advisory_unlock(${DOSSIER_LOCK})`;
  expect((await asked).data).toEqual({ dossier: { waits: 'x' } });
  expect(await entriesOf(database)).toHaveLength(before + 1);
});

test('F1 failures and refusals leave an entry with their code', async () => {
  const { post } = await api.get();
  expect(await entryOf(() => post('{ database }'))).toMatchObject([{ outcome: 'failed:internal' }]);
  expect(await entryOf(() => post('{ refused }'))).toMatchObject([
    { outcome: 'refused:object.not-found' },
  ]);
  expect(await entryOf(() => post('{ nowhere }'))).toMatchObject([
    { outcome: 'refused:request.invalid' },
  ]);
});

test('F1 what is refused before it is understood leaves an entry, too', async () => {
  const { post } = await api.get();
  const deep = `{ ${'thing { '.repeat(20)}name${' }'.repeat(20)} }`;
  expect(await entryOf(() => post(deep))).toMatchObject([
    { actor_id: 'analyst', persons: [], outcome: 'refused:request.too-costly' },
  ]);
});

test('F1 looking at the schema concerns nobody and leaves an entry that says so', async () => {
  const { post } = await api.get();
  expect(await entryOf(() => post('{ __schema { queryType { name } } }'))).toMatchObject([
    { operation: 'query(__schema)', persons: [], asked_for: null, outcome: 'ok' },
  ]);
});

test.each([
  ['110101 19900307 1233', '#'],
  ['１１０１０１１９９０', '#'],
  ['a\r\nb\u2028c', 'a b c'],
  ['查核 2025 年', '查核 2025 年'],
])('F1 a purpose holds no long number and no control character: %j', async (purpose, kept) => {
  const { post } = await api.get();
  const headers = { 'x-purpose': encodeURIComponent(purpose) };
  expect(await entryOf(() => post('{ planned }', { headers }))).toMatchObject([{ purpose: kept }]);
});

test('F1 L1 values never enter the log, whatever name or purpose carries them', async () => {
  const { post } = await api.get();
  const entries = await entryOf(() =>
    post(`query Look${CANARY} { a${CANARY}: person(id: "${CANARY}") { name } }`, {
      headers: { 'x-purpose': `about ${CANARY}` },
    }),
  );
  expect(entries).toHaveLength(1);
  expect(JSON.stringify(entries)).not.toContain(CANARY.slice(0, 9));
});

test('F3 when the entry cannot be written, the data are not handed out', async () => {
  const { post, database, log } = await api.get();
  const owner = database.as('owner', 1);
  await owner.unsafe(`
    create function hub.refuse() returns trigger language plpgsql as
      $$ begin raise exception 'disk full'; end $$;
    create trigger refuse before insert on hub.access_log execute function hub.refuse()`);
  for (const query of ['{ planned }', '{ hello }', dossier('name')]) {
    const { status, text, errors } = await post(query);
    expect(status).toBe(503);
    expect(errors).toMatchObject([{ extensions: { hubCode: 'database.unavailable' } }]);
    expect(text).not.toContain('data"');
    expect(text).not.toMatch(/你好|来自/);
  }
  expect(log.join('')).toContain('audit.failed');
  await owner`drop trigger refuse on hub.access_log`;
  expect((await post('{ planned }')).errors).toBeUndefined();
});

test.each([
  ['read', 'select * from hub.access_log'],
  ['update', "update hub.access_log set actor_id = 'x'"],
  ['delete', 'delete from hub.access_log'],
  ['truncate', 'truncate hub.access_log'],
  ['drop', 'drop table hub.access_log'],
  ['alter', 'alter table hub.access_log disable row level security'],
])('F5 the API may append to the log and cannot %s it', async (_, statement) => {
  const { database } = await api.get();
  await expect(database.as('api', 1).unsafe(statement)).rejects.toMatchObject({ code: '42501' });
});

test('F6 two thousand entries at once all arrive, in few transactions', async () => {
  const { database } = await api.get();
  const owner = database.as('owner', 1);
  const log = openAccessLog(database.as('api', 1), systemClock);
  const write = (n: number) =>
    log.write({ actorId: `crowd-${n}`, operation: 'crowd', outcome: 'ok' });
  await Promise.all(Array.from({ length: 2000 }, (_, n) => write(n)));
  const [row] =
    await owner`select count(*)::int as entries, count(distinct actor_id)::int as actors,
    count(distinct xmin::text)::int as transactions from hub.access_log where operation = 'crowd'`;
  expect(row).toMatchObject({ entries: 2000, actors: 2000 });
  expect(row?.transactions).toBeLessThan(20);
});

test('F3 a group that fails tells every caller in it, and the next group goes on', async () => {
  const { database } = await api.get();
  const log = openAccessLog(database.as('api', 1), systemClock);
  const owner = database.as('owner', 1);
  await owner`revoke insert on hub.access_log from hub_api`;
  const entry = { actorId: 'a', operation: 'lost', outcome: 'ok' } as const;
  const outcomes = await Promise.allSettled([log.write(entry), log.write(entry), log.write(entry)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await owner`grant insert on hub.access_log to hub_api`;
  await expect(log.write(entry)).resolves.toBeUndefined();
});
