import { expect, test } from 'vitest';
import { apiUnderTest } from '../api/api-under-test.ts';

const api = apiUnderTest();

const times = (n: number, text: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => text(i)).join(' ');
const nested = (n: number) => `{ ${times(n, () => 'thing {')} name ${times(n, () => '}')} }`;
const bomb = times(
  25,
  (i) => `fragment f${i} on Thing { ${i === 24 ? 'name' : `...f${i + 1} ...f${i + 1}`} }`,
);
const pagesOf = (a: string, b: string) =>
  `{ things(first: ${a}) { nodes { things(first: ${b}) { nodes { name } } } } }`;

const tooLarge: [string, string, unknown?][] = [
  ['depth', nested(11)],
  ['depth through fragments', `{ thing { ...a } } fragment a on Thing ${nested(10)}`],
  ['breadth', `{ ${times(121, (i) => `a${i}: hello`)} }`],
  ['aliases of an object', `{ thing { ${times(121, (i) => `a${i}: name`)} } }`],
  ['tokens', `{ ${times(2001, () => 'hello')} }`],
  ['directives', `{ ${times(31, (i) => `a${i}: hello @skip(if: false)`)} }`],
  ['operations', times(41, (i) => `query Q${i} { hello }`)],
  ['a fragment bomb', `{ thing { ...f0 } } ${bomb}`],
  [
    'a fragment cycle',
    '{ thing { ...a } } fragment a on Thing { thing { ...b } } fragment b on Thing { ...a }',
  ],
  ['a page by literal', '{ things(first: 101) { nodes { name } } }'],
  [
    'a page by variable',
    'query Q($n: Int) { things(first: $n) { nodes { name } } }',
    { n: 1_000_000 },
  ],
  ['a page by default', 'query Q($n: Int = 101) { things(first: $n) { nodes { name } } }'],
  [
    'introspection by aliases',
    `{ ${times(90, (i) => `a${i}: __schema { types { name fields { name } } }`)} }`,
  ],
  ['pages within pages', pagesOf('100', '100')],
  ['pages within pages by variable', `query Q($n: Int) ${pagesOf('$n', '$n')}`, { n: 100 }],
  [
    'missing pages within pages',
    '{ things { nodes { things { nodes { things { nodes { name } } } } } } }',
  ],
  ['lists within lists', '{ list { list { list { list { name } } } } }'],
  [
    'pages in a fragment',
    '{ things(first: 100) { nodes { ...t } } } fragment t on Thing { things(first: 100) { nodes { name } } }',
  ],
  [
    'many variables',
    'query Q($n: Int) { things(first: $n) { nodes { name } } }',
    { n: 1, ...Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`v${i}`, i])) },
  ],
  [
    'deep variables',
    'query Q($n: Int) { things(first: $n) { nodes { name } } }',
    { n: JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) },
  ],
];

for (const method of ['POST', 'GET'] as const) {
  test.each(tooLarge)(
    `H1 H2 H10 refused over ${method} before any resolver runs: %s`,
    async (_, query, variables) => {
      const { post, standIn } = await api.get();
      const before = standIn.ran.length;
      const { errors, status } = await post(query, { variables, method });
      expect(errors?.map(({ extensions }) => extensions?.hubCode)).toEqual(['request.too-costly']);
      expect(errors?.[0]?.message).toMatch(/^查询过大：.+[^)]$/);
      expect(status).toBe(400);
      expect(standIn.ran.length).toBe(before);
    },
  );
}

test.each(['0', '-1', '-2147483648'])('H2 a page of %s is no page', async (n) => {
  const { post } = await api.get();
  const { errors } = await post(`{ things(first: ${n}) { nodes { name } } }`);
  expect(errors?.map(({ extensions }) => extensions?.hubCode)).toEqual(['request.invalid']);
});

test('H2 the client is told what a query counted for, and of how much', async () => {
  const { post } = await api.get();
  const { text } = await post('{ things(first: 100) { nodes { name } } }');
  expect(JSON.parse(text).extensions).toEqual({ cost: { objects: 101, most: 5000 } });
});

test.each([
  ['a full page', '{ things(first: 100) { nodes { name } } }'],
  ['pages within pages of a sensible size', pagesOf('40', '40')],
  ['a deep query', nested(9)],
  ['a null page', '{ things(first: null) { nodes { name } } }'],
])('H2 what people really ask is answered: %s', async (_, query) => {
  const { post } = await api.get();
  expect((await post(query)).errors).toBeUndefined();
});

test('H1 the query every GraphQL editor sends first is answered', async () => {
  const { getIntrospectionQuery } = await import('graphql');
  const { post } = await api.get();
  const { data, errors } = await post(getIntrospectionQuery());
  expect(errors).toBeUndefined();
  expect(data).toHaveProperty('__schema');
});

test('H1 introspection cannot be used as a bomb', async () => {
  const { post } = await api.get();
  const inner = `${times(6, () => 'fields { type {')} name ${times(6, () => '} }')}`;
  const { errors } = await post(`{ __schema { types { ${inner} } } }`);
  expect(errors).toHaveLength(1);
});
