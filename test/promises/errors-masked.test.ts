import { expect, test } from 'vitest';
import { HubError } from '../../src/base/errors.ts';
import { describeError } from '../../src/base/log.ts';
import { apiUnderTest, entriesOf } from '../api/api-under-test.ts';
import { CANARY } from '../api/stand-in-schema.ts';

const api = apiUnderTest();

/** Nothing of it, whole or in halves, plain or encoded. */
function expectSilence(...texts: string[]) {
  const forms = [
    CANARY,
    CANARY.slice(0, 9),
    CANARY.slice(9),
    Buffer.from(CANARY).toString('base64').slice(0, 20),
    Buffer.from(CANARY).toString('hex'),
  ];
  for (const text of texts) for (const form of forms) expect(text).not.toContain(form);
}

test.each(['database', 'constraint', 'rude'])(
  'G8 a foreign error speaks only of a reference number that is also in the log: %s',
  async (field) => {
    const { post, log } = await api.get();
    const { text, errors } = await post(`{ ${field} }`);
    const reference = errors?.[0]?.extensions?.reference;
    expect(errors).toMatchObject([{ extensions: { hubCode: 'internal', kind: 'bug' } }]);
    expect(errors?.[0]?.message).toContain('内部错误');
    expect(reference).toMatch(/^[0-9a-f]{12}$/);
    expect(log.filter((line) => line.includes(String(reference)))).toHaveLength(1);
    expectSilence(text, ...log);
    expect(text).not.toMatch(/select|hub\.|node_modules|\.ts|uuid|stack/i);
  },
);

test('G8 an error of ours speaks Chinese and English, and its cause stays inside', async () => {
  const { post, log } = await api.get();
  const { text, errors } = await post('{ refused }');
  expect(errors).toMatchObject([
    {
      message: '没有找到该对象，或您无权查看。',
      extensions: {
        code: 'NOT_FOUND',
        hubCode: 'object.not-found',
        kind: 'caller',
        english: 'No such object, or you may not see it.',
      },
      path: ['refused'],
    },
  ]);
  expectSilence(text, ...log);
});

const withValue: [string, string, unknown][] = [
  ['a literal of the wrong type', `{ number(n: "${CANARY}") }`, undefined],
  ['a variable of the wrong type', 'query Q($n: Int!) { number(n: $n) }', { n: CANARY }],
  ['a number out of range', `{ number(n: ${CANARY}) }`, undefined],
  ['an enum value', `{ number(n: 1, colour: R${CANARY}) }`, undefined],
  ['an enum variable', 'query Q($c: Colour) { number(n: 1, colour: $c) }', { c: CANARY }],
  ['an object for a number', 'query Q($n: Int!) { number(n: $n) }', { n: { a: CANARY } }],
  ['a field of that name', `{ f${CANARY} }`, undefined],
  ['an argument of that name', `{ number(a${CANARY}: 1, n: 1) }`, undefined],
  ['a variable of that name', `{ number(n: $v${CANARY}) }`, undefined],
  ['a fragment of that name', `{ ...f${CANARY} }`, undefined],
  ['a directive of that name', `{ hello @d${CANARY} }`, undefined],
  ['a syntax error at it', `{ hello } ${CANARY}`, undefined],
  ['an unfinished string', `{ number(n: "${CANARY} }`, undefined],
  ['an operation of that name', `query Q${CANARY} { nowhere }`, undefined],
];

test.each(withValue)(
  'G8 a refused document does not repeat the value: %s',
  async (_, query, variables) => {
    const { post, log, database } = await api.get();
    const { text, errors } = await post(query, { variables });
    expect(errors?.[0]?.extensions?.hubCode).toBe('request.invalid');
    expectSilence(text, ...log, JSON.stringify(await entriesOf(database)));
  },
);

test.each([
  ['{ hell }', 'hello'],
  ['{ number(n: 1, colou: RED) }', 'colour'],
  ['{ number(n: 1, colour: REDD) }', 'YELLOW'],
  ['{ thing { nam } }', '"name"'],
  ['query Q($c: Colur) { number(n: 1, colour: $c) }', 'Colour'],
])('G9 a misspelt name gets no suggestion: %s', async (query, hidden) => {
  const { post } = await api.get();
  const { text, errors } = await post(query);
  expect(errors).toHaveLength(1);
  expect(text).not.toContain(hidden);
  expect(text).not.toMatch(/did you mean/i);
});

test('G8 a refused document keeps its position, so that its writer can mend it', async () => {
  const { post } = await api.get();
  const { errors } = await post('{\n  hello\n  nowhere\n}');
  expect(errors).toMatchObject([{ locations: [{ line: 3, column: 3 }] }]);
  expect(errors?.[0]?.message).toContain('nowhere');
});

test('L1 the log names SQLSTATE and class of what caused an internal error, by the reference given', async () => {
  const { post, log } = await api.get();
  const person = '6f1d0a52-4c1b-4a57-9d64-0e3a2f9b7c11';
  for (const [query, sqlState] of [
    [`{ dossier(id: "Cadre:${person}") { broken } }`, '22012'],
    ['{ constraint }', '22P02'],
    ['{ database }', '42P01'],
  ] as const) {
    const { errors } = await post(query);
    const reference = errors?.[0]?.extensions?.reference;
    const line = log.find((it) => reference !== undefined && it.includes(reference)) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      ...{ event: 'api.failed', code: 'internal', class: 'PostgresError', sqlState },
      ...{ severity: 'ERROR', routine: expect.any(String) },
    });
    expectSilence(line);
  }
});

test('L1 names of tables and constraints are told, what PostgreSQL quotes is not', () => {
  const error = Object.assign(
    new Error(`Key (id)=(${CANARY}) already exists\n  at file://${CANARY}`),
    {
      ...{ name: 'PostgresError', severity: 'ERROR', code: '23505', table_name: 'actor' },
      ...{ constraint_name: 'actor_pkey', detail: CANARY, where: `COPY, line 1: "${CANARY}"` },
      ...{ hint: CANARY, query: CANARY, parameters: [CANARY] },
    },
  );
  const drizzles = new Error(`Failed query: ${CANARY}`, { cause: error });
  const described = describeError(new HubError('internal', {}, drizzles));
  expect(described).toMatchObject({
    ...{ class: 'Error < PostgresError', sqlState: '23505' },
    ...{ table: 'actor', constraint: 'actor_pkey' },
  });
  expectSilence(JSON.stringify(described));
});

test('L1 the log describes an error without the message it carries', () => {
  expectSilence(JSON.stringify(describeError(new Error(`params: ${CANARY}`))));
});
