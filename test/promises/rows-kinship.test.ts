/**
 * Officials of the city are spouses and children of officials of the county. What an analyst of the county
 * is told must be the same whether the city's dossiers exist or not, by every question the schema allows;
 * what registers hold of them shows through the family, and to nobody without that right.
 */
import { type GraphQLObjectType, isObjectType } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { FACT_TABLES } from '../../schema/fact-tables.ts';
import { schema } from '../../schema/index.ts';
import type { Actor } from '../../src/access/actor.ts';
import { GRANTS, type Grant } from '../../src/access/grants.ts';
import { HubError } from '../../src/base/errors.ts';
import type { Sql } from '../../src/platform/database.ts';
import { globalIdSql, type Source } from '../../src/read/index.ts';
import { randomFrom } from '../connectors/random.ts';
import { deriveKin } from '../harness/derive-kin.ts';
import { walker } from '../read/every-field.ts';
import { fillEmptyTables } from '../read/fill-empty-tables.ts';
import { stage } from '../read/read-harness.ts';
import { idNumberOf, personOf } from '../read/seed-county.ts';

const CITY_OFFICIALS = 4;
const OFFICIALS = 12;
/** Nobody of the county is related to this one; a declaration has the number by mistake. */
const STRANGER = 3;
const TYPIST = 5;
const PARENT = 6;

const all = Object.keys(GRANTS) as Grant[];
const roles = {
  everything: { zh: '一切', en: 'Everything', grants: all },
  familyless: {
    ...{ zh: '除家庭外', en: 'All but families' },
    grants: all.filter((grant) => grant !== 'family.read'),
  },
};
const county = stage({ officials: OFFICIALS, city: CITY_OFFICIALS, roles });
const actorOf = (id: string, authorities: number[], role = 'everything'): Actor => ({
  ...{ id, name: id, authorities },
  // Kinship is opened by roles this installation knows, so the right comes with the analyst's.
  roles: role === 'everything' ? [role, 'analyst', 'operator'] : [role, 'operator'],
});
const BOTH = actorOf('both', [1, 2]);
const COUNTY = actorOf('county', [2]);
const FAMILYLESS = actorOf('familyless', [2], 'familyless');

const cityPersons = Array.from({ length: CITY_OFFICIALS }, (_, n) => `'${personOf(n)}'`).join(', ');
const registers = [...FACT_TABLES.values()]
  .filter((each) => each.isRegister)
  .map((each) => each.kind);
const REGISTERS = [...registers, 'trip'];

async function marry(owner: Sql) {
  const { below, pick } = randomFrom(20260630);
  const rows = Array.from({ length: OFFICIALS - CITY_OFFICIALS }, (_, n) => {
    const official = CITY_OFFICIALS + n;
    const relative = official === TYPIST ? STRANGER : below(STRANGER);
    const name = official === TYPIST ? '另一个人' : `干部${String(relative).padStart(5, '0')}`;
    return {
      official,
      relative,
      name,
      relation: official === PARENT ? '20' : pick(['10', '11', '12', '30']),
    };
  });
  for (const { official, relative, name, relation } of rows) {
    await owner`insert into hub.kinship (person_id, id, known_from, feed_id, batch_id, ordinal, digest, managed_by,
        relative_id, relative_name, relative_id_number, relation, is_co_living)
      values (${personOf(official)}, md5(${`married ${official}`})::uuid, '2026-01-31', 'declaration', 1, ${official},
        md5('m')::uuid, '{}', ${personOf(relative)}, ${name}, ${idNumberOf(relative)}, ${relation}, true)`;
  }
}

/** Every table whose rows belong to a person's authority. */
const personTables = (owner: Sql) =>
  owner<{ name: string }[]>`
    select c.table_name as name from information_schema.columns c
    where c.table_schema = 'hub' and c.column_name = 'managed_by' and exists (
      select 1 from information_schema.columns p where p.table_schema = 'hub'
        and p.table_name = c.table_name and p.column_name = 'person_id')
      and c.table_name <> 'kin_authority' order by c.table_name = 'warning', 1`;

type Typed = { type: GraphQLObjectType; source: Source };
const typesWithIds = (): Typed[] =>
  Object.values(schema.getTypeMap()).flatMap((type) => {
    const source = isObjectType(type) ? (type.extensions.source as Source | undefined) : undefined;
    return isObjectType(type) && source?.isManaged ? [{ type, source }] : [];
  });

/** A question for the rows of the city's officials by their ids, for each type that has ids. */
async function questionsById(owner: Sql): Promise<string[]> {
  const questions: string[] = [];
  for (const { type, source } of typesWithIds()) {
    const rows = await owner.unsafe<
      { id: string }[]
    >(`select ${globalIdSql(type.name, source, 't')} as id
      from ${source.table} t where t.person_id in (${cityPersons}) limit 100`);
    const ids = rows.map(({ id }) => JSON.stringify(id));
    expect([type.name, ids.length > 0]).toEqual([type.name, true]);
    questions.push(`{ nodes(ids: [${ids.join(', ')}]) { id } }`);
    questions.push(...ids.slice(0, 3).map((id) => `{ node(id: ${id}) { id } }`));
  }
  return questions;
}

type Told = Map<string, string>;
const told: Record<'before' | 'familyless', Told> = { before: new Map(), familyless: new Map() };
let questions: string[] = [];

async function askAll(actor: Actor): Promise<Told> {
  const { ask } = await county.get();
  const answers: Told = new Map();
  const waiting = [...questions];
  const worker = async () => {
    for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
      const answer = await ask(actor, text).then(JSON.stringify, (error: unknown) => {
        if (error instanceof HubError) return error.code;
        throw error;
      });
      answers.set(text, answer);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return answers;
}

const differing = (one: Told, other: Told): string[] =>
  [...one].filter(([text, answer]) => other.get(text) !== answer).map(([text]) => text);

beforeAll(async () => {
  const { ask, database } = await county.get();
  const owner = database.as('owner', 1);
  await fillEmptyTables(owner, personOf(0));
  await marry(owner);
  for (const { name } of await personTables(owner)) {
    await owner.unsafe(`update hub.${name} t set managed_by = p.managed_by from hub.person p
      where p.person_id = t.person_id and t.managed_by <> p.managed_by`);
  }
  await deriveKin(database.as('worker', 1));
  const asked = new Set<string>();
  // Questions about one of the city's, and those that lead through a family of the county's own.
  const guides: [Actor, number][] = [
    [BOTH, 0],
    [COUNTY, PARENT],
  ];
  for (const [guide, official] of guides) {
    const note = (text: string) => {
      asked.add(text);
      return ask(guide, text);
    };
    await walker(schema, note, { idNumber: idNumberOf(official) })();
  }
  questions = [...asked, ...(await questionsById(owner))];
  told.before = await askAll(COUNTY);
  told.familyless = await askAll(FAMILYLESS);
}, 300_000);

const homesOf = async (actor: Actor, official: number) => {
  const { ask } = await county.get();
  const answer = await ask(
    actor,
    'query ($id: ID!) { cadre(id: $id) { family { nodes { name person { id name isOfficial homes { nodes { address } } propertyCount } } } } }',
    { id: `Cadre:${personOf(official)}` },
  );
  const { family } = answer.cadre as {
    family: { nodes: { name: string; person: Record<string, unknown> | null }[] };
  };
  return family.nodes;
};

test('what registers hold of a relative shows in the family of the official, and that is all', async () => {
  const seen = (await homesOf(COUNTY, PARENT)).find(({ name }) => name.startsWith('干部'));
  expect(seen?.person).toMatchObject({ isOfficial: false, propertyCount: 3 });
  expect(JSON.stringify(seen?.person?.homes)).toContain('某路');
  const both = (await homesOf(BOTH, PARENT)).find(({ name }) => name.startsWith('干部'));
  expect(both?.person).toMatchObject({ isOfficial: true, propertyCount: 3 });
});

test('a number declared under another name than the registers have opens nothing', async () => {
  const seen = (await homesOf(COUNTY, TYPIST)).find(({ name }) => name === '另一个人');
  expect(seen?.person).toMatchObject({
    name: '另一个人',
    isOfficial: false,
    homes: { nodes: [] },
    propertyCount: 0,
  });
});

test('nothing by its own id: neither officials of others nor what hangs on them', async () => {
  expect(questions.length).toBeGreaterThan(500);
  for (const text of questions.filter((each) => each.startsWith('{ node'))) {
    const answer = told.before.get(text) ?? '';
    expect([text, answer.replaceAll(/null|[[\],]/g, '')]).toEqual([
      text,
      text.startsWith('{ nodes') ? '{"nodes":}' : '{"node":}',
    ]);
  }
});

test('G3 G6 without the dossiers of the others every answer is the same, to the byte', async () => {
  const { database } = await county.get();
  const owner = database.as('owner', 1);
  for (const { name } of await personTables(owner)) {
    if (REGISTERS.includes(name)) continue;
    await owner.unsafe(`delete from hub.${name} where person_id in (${cityPersons})`);
  }
  await owner`delete from hub.cadre_count where managed_by = '{1}'`;
  expect(differing(told.before, await askAll(COUNTY))).toEqual([]);
});

test('without their registers only families and companies tell less, and nothing to those who read no family', async () => {
  const { database } = await county.get();
  const owner = database.as('owner', 1);
  for (const name of REGISTERS) {
    await owner.unsafe(`delete from hub.${name} where person_id in (${cityPersons})`);
  }
  const differ = differing(told.before, await askAll(COUNTY));
  expect(differ.length).toBeGreaterThan(20);
  const byFamily =
    /\b(family|officers|shareholders)(\([^)]*\))? \{|\balone: (officers|shareholders|family)\b/;
  expect(differ.filter((text) => !byFamily.test(text))).toEqual([]);
  expect(differing(told.familyless, await askAll(FAMILYLESS))).toEqual([]);
});
