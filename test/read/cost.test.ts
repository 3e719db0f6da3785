/** One counter says how much a query may ask for, whoever asks it: the settings are what it obeys. */
import { getIntrospectionQuery } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { fixedClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/secret.ts';
import { createReader } from '../../src/read/index.ts';
import { ACTORS, documentOf, outcome } from './read-harness.ts';

const readerWith = (limits: { depth: number; objects: number }) =>
  createReader({
    ...{ schema, limits, clock: fixedClock('2026-06-30T10:00:00+08:00') },
    // Planning needs no database.
    databaseUrl: new Secret('postgres://nowhere'),
    identityKey: new Secret('key of this test'),
    isDistributed: false,
  });
const usual = readerWith({ depth: 10, objects: 100_000 });

const planned = (reader: ReturnType<typeof readerWith>, text: string, variables = {}) =>
  outcome(async () =>
    reader.planOperation({
      ...{ document: documentOf(text), operationName: null, variables, actor: ACTORS.county },
    }),
  );

const families = (officials: number, relatives: number, homes: number) =>
  `{ cadres(first: ${officials}) { nodes { family(first: ${relatives}) { nodes { person { homes(first: ${homes}) { nodes { id } } } } } } } }`;

test('H2 the settings are obeyed, above and below the usual', async () => {
  // A page of 100 officials, each with a page of 20 relations to a person with a page of 50 homes.
  const large = families(100, 20, 50);
  expect(await planned(usual, large)).toBe('request.too-costly');
  expect(
    await planned(
      readerWith({ depth: 10, objects: 1 + 100 * (1 + 1 + 20 * (1 + 1 + 1 + 50)) }),
      large,
    ),
  ).toBe('ok');
  expect(
    await planned(readerWith({ depth: 10, objects: 100 * (1 + 1 + 20 * (1 + 1 + 1 + 50)) }), large),
  ).toBe('request.too-costly');
  const small = readerWith({ depth: 2, objects: 51 });
  expect(await planned(small, '{ cadres(first: 50) { nodes { id } } }')).toBe('ok');
  expect(await planned(small, '{ cadres(first: 51) { nodes { id } } }')).toBe('request.too-costly');
  const deeper =
    '{ cadres(first: 1) { nodes { homes(first: 1) { nodes { delivered { feedId } } } } } }';
  expect(await planned(small, deeper)).toBe('request.too-costly');
  const deep = readerWith({ depth: 12, objects: 1000 });
  const circle = (n: number): string =>
    n === 0 ? 'id' : `warnings(first: 1) { nodes { cadre { ${circle(n - 1)} } } }`;
  expect(await planned(deep, `{ cadres(first: 1) { nodes { ${circle(5)} } } }`)).toBe('ok');
  expect(await planned(usual, `{ cadres(first: 1) { nodes { ${circle(5)} } } }`)).toBe(
    'request.too-costly',
  );
});

test('H2 a page counts the same by literal, variable, default of a variable and default of the field', async () => {
  const exact = readerWith({ depth: 10, objects: 41 });
  const list = (first: string) => `{ cadres${first} { nodes { id } } }`;
  for (const [most, ...texts] of [
    ['ok', list('(first: 40)'), `query ($n: Int = 40) ${list('(first: $n)')}`],
    ['request.too-costly', list('(first: 41)'), `query ($n: Int = 41) ${list('(first: $n)')}`],
  ] as const) {
    for (const text of texts) expect([text, await planned(exact, text)]).toEqual([text, most]);
  }
  const text = `query ($n: Int) ${list('(first: $n)')}`;
  // The same compiled statement serves both.
  for (const n of [33, 40, 34]) expect(await planned(exact, text, { n })).toBe('ok');
  expect(await planned(exact, text, { n: 41 })).toBe('request.too-costly');
  // What the request does not say is the default of the field.
  const facts = '{ cadres(first: 1) { nodes { trips { nodes { id } } } } }';
  expect(await planned(readerWith({ depth: 10, objects: 23 }), facts)).toBe('ok');
  expect(await planned(readerWith({ depth: 10, objects: 22 }), facts)).toBe('request.too-costly');
  const ids = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  const of = (n: number) => ({ ids: Array.from({ length: n }, (_, i) => `Cadre:${i}`) });
  expect(await planned(exact, ids, of(41))).toBe('ok');
  expect(await planned(exact, ids, of(42))).toBe('request.too-costly');
});

test('H1 introspection counts like everything else', async () => {
  expect(await planned(usual, getIntrospectionQuery())).toBe('ok');
  expect(await planned(usual, '{ __type(name: "Cadre") { fields { name type { name } } } }')).toBe(
    'ok',
  );
  const many = (n: number, body: string) =>
    `{ ${Array.from({ length: n }, (_, i) => `a${i}: __schema { ${body} }`).join(' ')} }`;
  expect(await planned(usual, many(90, 'types { name fields { name description } }'))).toBe(
    'request.too-costly',
  );
  const fragments = getIntrospectionQuery().replace(
    /^[^{]*\{/,
    `{ ${many(8, '...s').slice(1, -1)}`,
  );
  expect(
    await planned(usual, `${fragments} fragment s on __Schema { types { ...FullType } }`),
  ).toBe('request.too-costly');
  const types =
    '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }';
  expect(await planned(usual, types)).toBe('request.too-costly');
});
