/** Whoever is shown is on record, and nobody else, in whatever words the question is put. */
import { createHash } from 'node:crypto';
import { GraphQLError, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import type { Actor } from '../../src/access/actor.ts';
import { GRANTS, type Grant } from '../../src/access/grants.ts';
import { ROLES } from '../../src/access/roles.ts';
import { openGraphql } from '../../src/api/graphql.ts';
import { LIMITS } from '../../src/api/limits.ts';
import type { RequestContext } from '../../src/api/logged-reads.ts';
import type { AccessEntry } from '../../src/audit/access-log.ts';
import { createLog } from '../../src/base/log.ts';
import { globalIdSql, type Source } from '../../src/read/index.ts';
import { operationsFrom } from '../read/random-operation.ts';
import { type Answer, documentOf, stage } from '../read/read-harness.ts';
import { IDENTITY_KEY, idNumberOf, personOf } from '../read/seed-county.ts';

const OPERATIONS = 2_000;
const everything = { zh: '一切', en: 'Everything', grants: Object.keys(GRANTS) as Grant[] };
const county = stage({ officials: 12, city: 4, roles: { ...ROLES, everything } });
const ACTORS: Actor[] = [[1], [2], [1, 2]].map((authorities) => ({
  ...{ id: `a${authorities}`, name: '', authorities },
  roles: ['everything', 'analyst', 'operator'],
}));
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

async function idsByType() {
  const { database } = await county.get();
  const owner = database.as('owner', 1);
  const ids = new Map<string, string[]>();
  for (const type of Object.values(schema.getTypeMap())) {
    const source = isObjectType(type) ? (type.extensions.source as Source | undefined) : undefined;
    if (!source) continue;
    const rows = await owner.unsafe<{ id: string }[]>(
      `select ${globalIdSql(type.name, source, 't')} as id from ${source.table} t limit 30`,
    );
    if (rows.length > 0)
      ids.set(
        type.name,
        rows.map(({ id }) => id),
      );
  }
  return ids;
}

/** Types whose ids begin with a person. */
const PERSONAL = new Set(
  Object.values(schema.getTypeMap()).flatMap((type) => {
    const source = isObjectType(type) ? (type.extensions.source as Source | undefined) : undefined;
    return source?.keys[0]?.column === 'person_id' ? [type.name] : [];
  }),
);

/** The persons in the ids of an answer; a warning's is that of its official. */
function personsIn(answer: unknown, ofWarning: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look);
    else if (typeof value === 'string') {
      const [, type = '', rest = ''] = /^([A-Z]\w*):(.+)$/.exec(value) ?? [];
      const id = UUID.exec(rest)?.[0];
      const person =
        type === 'Warning' ? ofWarning.get(id ?? '') : PERSONAL.has(type) ? id : undefined;
      if (person) found.add(person);
    }
  };
  look(answer);
  return found;
}

async function server() {
  const { reader, database } = await county.get();
  const entries: AccessEntry[] = [];
  const accessLog = {
    write: async (entry: AccessEntry) => {
      entries.push(entry);
    },
  };
  const log = createLog(() => undefined);
  const apollo = await openGraphql({
    schema,
    reader,
    accessLog,
    identityKey: IDENTITY_KEY,
    limits: LIMITS,
    log,
  });
  const rows = await database.as('owner', 1)<{ id: string; person: string }[]>`
    select warning_id as id, person_id as person from hub.warning`;
  return {
    apollo,
    entries,
    reader,
    ofWarning: new Map(rows.map(({ id, person }) => [id, person])),
  };
}

test('F1 thousands of operations are each on record with exactly the persons whose rows came back', async () => {
  const { apollo, entries, reader, ofWarning } = await server();
  const next = operationsFrom(schema, await idsByType(), 7, idNumberOf(6));
  const wrong: unknown[] = [];
  const seen = { operations: 0, withPersons: 0, withSeveral: 0 };
  while (seen.operations < OPERATIONS) {
    const { text, twin, variables } = next();
    const actor = ACTORS[seen.operations % ACTORS.length];
    if (!actor) throw new Error('nobody');
    seen.operations += 1;
    entries.length = 0;
    const contextValue: RequestContext & { reader: typeof reader } = {
      ...{
        actor,
        purpose: undefined,
        seen: new Set<string>(),
        refusals: new Set<string>(),
        reader,
      },
      signal: new AbortController().signal,
    };
    const answer = await apollo.executeOperation({ query: text, variables }, { contextValue });
    const result = answer.body.kind === 'single' ? answer.body.singleResult : undefined;
    const logged = entries.at(-1);
    const persons = [...(logged?.persons ?? [])].sort();
    let expected: string[] = [];
    if (!result?.errors) {
      const document = documentOf(twin);
      const plan = reader.planOperation({ document, operationName: 'Q', variables, actor });
      if (!plan) throw new GraphQLError(`not one statement: ${twin}`);
      const told = JSON.parse((await reader.runPlan(plan)).text) as Answer;
      expected = [...personsIn(told, ofWarning)].sort();
    }
    if (persons.length > 0) seen.withPersons += 1;
    if (persons.length > 1) seen.withSeveral += 1;
    if (!logged || JSON.stringify(persons) !== JSON.stringify(expected)) {
      wrong.push({ text, variables, persons, expected, errors: result?.errors });
    }
  }
  await apollo.stop();
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(seen.withPersons).toBeGreaterThan(OPERATIONS / 8);
  expect(seen.withSeveral).toBeGreaterThan(OPERATIONS / 20);
}, 300_000);

const WARNING_OF_6 = createHash('md5')
  .update('warning61')
  .digest('hex')
  .replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
const P = (n: number) => `Cadre:${personOf(n)}`;
test.each<[string, string, Record<string, unknown> | undefined, number[]]>([
  [
    'a fragment on Query',
    `{ ...F } fragment F on Query { cadre(id: "${P(5)}") { name } }`,
    undefined,
    [5],
  ],
  ['an inline fragment', `{ ... on Query { cadre(id: "${P(5)}") { name } } }`, undefined, [5]],
  [
    'the default of a variable',
    `query ($id: ID = "${P(5)}") { cadre(id: $id) { name } }`,
    undefined,
    [5],
  ],
  ['nodes', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [P(5), P(6)] }, [5, 6]],
  [
    'the official of a warning',
    `{ warning(id: "Warning:${WARNING_OF_6}") { cadre { name } } }`,
    undefined,
    [6],
  ],
  ['a name', '{ cadres(filter: { name: "干部00007" }) { nodes { level } } }', undefined, [7]],
  [
    'aliases',
    `{ a: cadre(id: "${P(5)}") { name } b: cadre(id: "${P(6)}") { name } }`,
    undefined,
    [5, 6],
  ],
  [
    '@skip',
    `{ a: cadre(id: "${P(5)}") @skip(if: true) { name } b: cadre(id: "${P(6)}") { name } }`,
    undefined,
    [6],
  ],
  ['a person of another authority', `{ cadre(id: "${P(0)}") { name } }`, undefined, []],
  ['a count', '{ cadres { totalCount } }', undefined, []],
  ['a cursor', '{ cadres(first: 1) { pageInfo { endCursor } } }', undefined, [4]],
])('F1 a person found by %s is on record', async (_, query, variables, who) => {
  const { actors } = await county.get();
  const { apollo, entries, reader } = await server();
  const contextValue = {
    ...{
      actor: actors.county,
      purpose: undefined,
      seen: new Set<string>(),
      refusals: new Set<string>(),
      reader,
    },
    signal: new AbortController().signal,
  };
  // Asked twice: the second time the entry goes ahead.
  for (const _again of [1, 2]) {
    entries.length = 0;
    await apollo.executeOperation({ query, ...(variables ? { variables } : {}) }, { contextValue });
    expect(entries).toHaveLength(1);
    expect([...(entries[0]?.persons ?? [])].sort()).toEqual(who.map(personOf).sort());
  }
  await apollo.stop();
});
