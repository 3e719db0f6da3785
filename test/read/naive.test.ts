/** The compiled statement against answers put together one table at a time. */
import { execute } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { documentOf, stage } from './read-harness.ts';
import { personOf } from './seed-county.ts';

const county = stage();
const yuan = (fen: string | number | null) =>
  fen === null ? null : (Number(fen) / 100).toFixed(2);

test('lists hold the rows that are current, in the order promised', async () => {
  const { ask, actors, database } = await county.get();
  const owner = database.as('owner', 1);
  const person = personOf(7);
  const rows = await owner`select address, price_fen, area_m2, registered_on from hub.property
    where person_id = ${person} and known_to = 'infinity' order by registered_on desc`;
  const answer = await ask(
    actors.county,
    'query ($id: ID!) { cadre(id: $id) { propertyCount homes { nodes { address price areaM2 registeredOn } } } }',
    { id: `Cadre:${person}` },
  );
  expect(answer).toEqual({
    cadre: {
      propertyCount: rows.length,
      homes: {
        nodes: rows.map((row) => ({
          address: row.address,
          price: yuan(row.price_fen),
          areaM2: Number(row.area_m2),
          registeredOn: row.registered_on,
        })),
      },
    },
  });
  expect(rows.length).toBe(3);
});

test('a home is a dwelling held today, and one dwelling is one home however many titles say so', async () => {
  const { ask, actors, database } = await county.get();
  const worker = database.as('worker', 1);
  const person = personOf(9);
  await worker`delete from hub.property where person_id = ${person}`;
  const count = async () => {
    const text = 'query ($id: ID!) { cadre(id: $id) { homeCount propertyCount } }';
    return (await ask(actors.county, text, { id: `Cadre:${person}` })).cadre;
  };
  expect(await count()).toEqual({ homeCount: 0, propertyCount: 0 });
  const [{ managedBy = [] } = {}] = await worker<{ managedBy: number[] }[]>`
    select managed_by as "managedBy" from hub.person where person_id = ${person}`;
  const titles = [
    // One flat in two titles (shares, joint ownership), and one to be given up next year.
    ...[
      ['N1', 'residential', null],
      ['N1', 'residential', null],
      ['N2', 'residential', '2027-01-01'],
    ],
    ...[
      ['N3', 'residential', '2026-06-30'],
      ['N4', 'parking', null],
      ['N5', 'storage', null],
    ],
    ...[
      ['N6', 'commercial', null],
      ['N7', 'residential', null],
    ],
  ] as const;
  for (const [n, [unit, use, cancelledOn]] of titles.entries()) {
    await worker`
      insert into hub.property (person_id, id, known_from, known_to, feed_id, batch_id, ordinal, digest,
        managed_by, unit_no, address, use, area_m2, ownership, share_percent, obtained_by, registered_on, cancelled_on)
      values (${person}, md5(${`title ${n}`})::uuid, '2026-01-31', ${n === 7 ? '2026-03-01' : 'infinity'}, 'real-estate',
        1, ${n}, md5('t')::uuid, ${managedBy}::smallint[], ${unit}, '某路', ${use}, 90, 'joint', 100, 'purchase',
        '2020-01-01', ${cancelledOn})`;
  }
  expect(await count()).toEqual({ homeCount: 2, propertyCount: 7 });
});

test('a warning about a person names no unit, one about a unit its code', async () => {
  const { ask, actors, database } = await county.get();
  const codes = async () => {
    const { warnings } = await ask(
      actors.county,
      '{ warnings(first: 100) { nodes { unitCode } } }',
    );
    const { nodes } = warnings as { nodes: { unitCode: string | null }[] };
    return [...new Set(nodes.map(({ unitCode }) => unitCode))].sort();
  };
  expect(await codes()).toEqual([null]);
  const owner = database.as('owner', 1);
  const [{ id = '' } = {}] = await owner<{ id: string }[]>`
    select warning_id as id from hub.warning where person_id = ${personOf(7)} limit 1`;
  await owner`update hub.warning set unit_code = 'U7' where warning_id = ${id}`;
  expect(await codes()).toEqual(['U7', null].sort());
  await owner`update hub.warning set unit_code = '' where warning_id = ${id}`;
});

test('income by year adds up its items, to the 分', async () => {
  const { ask, actors, database } = await county.get();
  const owner = database.as('owner', 1);
  const person = personOf(7);
  const answer = await ask(
    actors.county,
    'query ($id: ID!) { cadre(id: $id) { incomesByYear { year gross items { nodes { gross } } } } }',
    { id: `Cadre:${person}` },
  );
  const rows = await owner`select tax_year, gross_fen from hub.income
    where person_id = ${person} and known_to = 'infinity' order by tax_year desc, gross_fen desc`;
  const years = [...new Set(rows.map((row) => Number(row.tax_year)))];
  const expected = years.map((year) => {
    const items = rows.filter((row) => row.tax_year === year);
    const sum = items.reduce((total, row) => total + Number(row.gross_fen), 0);
    return {
      year,
      gross: yuan(sum),
      items: { nodes: items.map((row) => ({ gross: yuan(row.gross_fen) })) },
    };
  });
  expect(answer).toEqual({ cadre: { incomesByYear: expected } });
});

test('amounts keep their sign, their cents and their size', async () => {
  const { ask, actors, database } = await county.get();
  const worker = database.as('worker', 1);
  const person = personOf(8);
  const text = 'query ($id: ID!) { cadre(id: $id) { vehicles { nodes { price } } } }';
  for (const [fen, said] of [
    ['-5', '-0.05'],
    ['0', '0.00'],
    ['9007199254740993', '90071992547409.93'],
  ] as const) {
    await worker`update hub.vehicle set price_fen = ${fen} where person_id = ${person}`;
    const answer = await ask(actors.county, text, { id: `Cadre:${person}` });
    expect(answer).toEqual({ cadre: { vehicles: { nodes: [{ price: said }, { price: said }] } } });
  }
});

test('a check that could not be made is never shown as silent', async () => {
  const { ask, actors } = await county.get();
  const answer = await ask(
    actors.county,
    'query ($a: ID!, $b: ID!) { gap: cadre(id: $a) { ...c } hit: cadre(id: $b) { ...c } } fragment c on Cadre { checks { rule { code } outcome reasonZh } }',
    { a: `Cadre:${personOf(4)}`, b: `Cadre:${personOf(9)}` },
  );
  const outcomes = JSON.stringify(answer);
  expect(outcomes).toContain('{"rule":{"code":"A01"},"outcome":"FIRED","reasonZh":null}');
  expect(outcomes).toContain(
    '{"rule":{"code":"A04"},"outcome":"NOT_CHECKABLE","reasonZh":"缺少房产数据"}',
  );
  expect(outcomes).toContain(
    '{"rule":{"code":"V01"},"outcome":"NOT_CHECKABLE","reasonZh":"车辆数据已过时"}',
  );
  expect(outcomes).not.toContain('{"rule":{"code":"T01"},"outcome":"SILENT"');
});

const DISGUISED = `query ($id: ID!, $with: Boolean!, $f: TripFilter) {
  a: cadre(id: $id) { ...part renamed: name trips(first: 2, filter: $f) { nodes { leftOn } } old: trips(first: 1, filter: { leftTo: "2020-06-01" }) { nodes { leftOn } } }
  b: cadre(id: $id) { ... on Cadre @include(if: $with) { name } __typename ...part @skip(if: $with) }
  node(id: $id) { __typename id ... on Cadre { level } ... on Warning { questionZh } }
  nodes(ids: [$id, "Feed:income", "Cadre:nobody", "Nothing:x", $id]) { __typename ... on Feed { code } ... on Cadre { name } }
  me { name roles authorities { code } } __typename
} fragment part on Cadre { unit { name } homes(first: 1) { nodes { address ...h } } homes { nodes { use } } } fragment h on Home { id }`;

test.each([true, false])(
  'fragments, aliases, merged fields, @include %s: the same text as graphql-js gives',
  async (include) => {
    const { ask, actors, reader } = await county.get();
    const variables = { id: `Cadre:${personOf(6)}`, with: include, f: { leftFrom: '2021-01-01' } };
    const text = DISGUISED.replace('homes { nodes { use } }', 'homes(first: 1) { nodes { use } }');
    const compiled = await ask(actors.both, text, variables);
    const walked = await execute({
      schema,
      document: documentOf(text),
      variableValues: variables,
      contextValue: { actor: actors.both, reader, seen: new Set<string>() },
    });
    expect(walked.errors).toBeUndefined();
    expect(JSON.stringify(compiled)).toBe(JSON.stringify(walked.data));
    expect(compiled).toMatchObject({
      nodes: [{ name: '干部00006' }, { code: 'income' }, null, null, {}],
    });
  },
);

test('introspection beside data: resolvers and SQL in one answer', async () => {
  const { actors, reader } = await county.get();
  const document = documentOf(
    '{ __schema { queryType { name } } some: cadres(first: 1) { edges { cursor node { theName: name } } pageInfo { hasNextPage } } }',
  );
  const actor = actors.county;
  expect(
    reader.planOperation({ document, operationName: null, variables: {}, actor }),
  ).toBeUndefined();
  const { data, errors } = await execute({
    schema,
    document,
    contextValue: { actor, reader, seen: new Set<string>() },
  });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    __schema: { queryType: { name: 'Query' } },
    some: { edges: [{ node: { theName: '干部00004' } }], pageInfo: { hasNextPage: true } },
  });
});

test('a response key longer than PostgreSQL’s identifiers comes back whole', async () => {
  const { ask, actors } = await county.get();
  const key = `n${'x'.repeat(90)}`;
  const twin = `${key}y`;
  const answer = await ask(
    actors.county,
    `{ cadres(first: 1) { nodes { ${key}: name ${twin}: sex none: idNumberMasked } } ${key}: me { name } }`,
  );
  expect(answer).toMatchObject({
    cadres: { nodes: [{ [key]: '干部00004', [twin]: '男' }] },
    [key]: { name: '县分析员' },
  });
});

test('the operator sees feeds, runs and rejected rows', async () => {
  const { ask, actors } = await county.get();
  const answer = await ask(
    actors.ops,
    `{ feeds { code schedule isStale quarantineCount runs { nodes { state drift } } batches { nodes { state rowsLanded } } }
      syncRuns(first: 1) { totalCount nodes { startedAt } } nights { nodes { asOf rules { nodes { state rule { code } } } } }
      quarantine(filter: { feedId: "real-estate" }) { totalCount } me { grants } }`,
  );
  expect(answer).toMatchObject({ syncRuns: { totalCount: 3 }, quarantine: { totalCount: 2 } });
  expect(JSON.stringify(answer)).toContain('"isStale":true');
});
