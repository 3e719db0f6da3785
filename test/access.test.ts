import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isRequiredArgument,
  parse,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../schema/index.ts';
import type { Actor } from '../src/access/actor.ts';
import type { Grant } from '../src/access/grants.ts';
import { grantsOf, ROLES } from '../src/access/roles.ts';
import { fixedClock } from '../src/base/clock.ts';
import { createReader } from '../src/read/index.ts';
import { outcome, stage } from './read/read-harness.ts';
import { IDENTITY_KEY } from './read/seed-county.ts';

type Field = GraphQLField<unknown, unknown>;
type Path = { fields: Field[]; grants: Set<string> };

const LONGEST_PATH = 5;
/** The field's grant and, where it leads to a type made of rows, the grant of that type. */
const grantsOfField = (field: Field) => {
  const { grant } = getNamedType(field.type).extensions;
  return [String(field.extensions.grant), ...(grant ? [String(grant)] : [])];
};

/** Every way from the query type to every field, up to the length given; no field twice in a way. */
function paths(type: GraphQLObjectType, before: Field[]): Path[] {
  return Object.values(type.getFields()).flatMap((field) => {
    if (before.includes(field)) return [];
    const here = [...before, field];
    const inner = getNamedType(field.type);
    const own = { fields: here, grants: new Set(here.flatMap(grantsOfField)) };
    if (!isObjectType(inner) || here.length >= LONGEST_PATH) return [own];
    return [own, ...paths(inner, here)];
  });
}

const literalOf = (field: Field): string => {
  const needed = field.args.filter(isRequiredArgument);
  if (needed.length === 0) return '';
  const values = needed.map((arg) => {
    const type = getNamedType(arg.type);
    if (isEnumType(type)) return `${arg.name}: ${type.getValues()[0]?.name}`;
    return arg.name === 'ids' ? 'ids: ["Cadre:x"]' : `${arg.name}: "Warning:x"`;
  });
  return `(${values.join(', ')})`;
};

/** The selection that reads a path; ends in __typename where the last field is an object. */
function selectionOf(fields: readonly Field[], prefix = ''): string {
  const [field, ...rest] = fields;
  if (!field) return '';
  const isLeaf = !isObjectType(getNamedType(field.type));
  const inner = rest.length > 0 ? selectionOf(rest, prefix) : '__typename';
  return `${prefix && `${prefix}: `}${field.name}${literalOf(field)}${isLeaf ? '' : ` { ${inner} }`}`;
}

const query = schema.getQueryType();
if (!query) throw new Error('no query type');
const all = paths(query, []).filter(({ fields: [first] }) => !/^nodes?$/.test(first?.name ?? ''));

const county = stage({ officials: 2, city: 1 });
const actorOf = (roles: string[]): Actor => ({ id: 'county', name: '', roles, authorities: [2] });
const allows = (roles: string[], needed: Iterable<string>) => {
  const granted = grantsOf(roles);
  return [...needed].every((grant) => granted.has(grant as Grant));
};

const roleSets = [
  ...Object.keys(ROLES).map((name) => [name]),
  Object.keys(ROLES),
  [],
  ['none'],
].map((roles) => ({ roles, name: roles.join(' with ') || 'no role' }));

test.each(roleSets)(
  'G1 G19 $name: every field on every path is open or closed exactly as the role files say',
  async ({ roles }) => {
    const { reader } = await county.get();
    const wrong: string[] = [];
    for (const { fields, grants } of all) {
      const text = `{ ${selectionOf(fields)} }`;
      const request = {
        document: parse(text),
        operationName: null,
        variables: {},
        actor: actorOf(roles),
      };
      const said = await outcome(async () => reader.planOperation(request));
      const expected = allows(roles, grants) ? 'ok' : 'auth.forbidden';
      if (said !== expected && !(said === 'request.too-costly' && expected === 'ok')) {
        wrong.push(`${text} ${said}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(all.length).toBeGreaterThan(1_000);
  },
);

/** The same selection in the disguises of G10. */
const disguises = (fields: readonly Field[]): string[] => {
  const plain = selectionOf(fields);
  const [first, ...rest] = fields;
  const inner = rest.length > 0 ? selectionOf(rest) : '__typename';
  const root = first ? `${first.name}${literalOf(first)}` : '';
  const type = first ? getNamedType(first.type).name : '';
  return [
    `{ ${selectionOf(fields, 'other')} }`,
    `{ ... on Query { ${plain} } }`,
    `{ ...f } fragment f on Query { ${plain} }`,
    `{ ${root} @skip(if: true) { ${inner} } me { name } }`,
    `query ($no: Boolean = false) { me { name } ... @include(if: $no) { ${plain} } }`,
    `{ me { name } ...f @skip(if: true) } fragment f on Query { ${plain} }`,
    `{ node(id: "${type}:x") { ... on ${type} { ${inner} } } }`,
    `{ nodes(ids: ["Feed:x"]) { __typename ... on ${type} { ${inner} } } }`,
  ];
};

test('G10 a denied field stays denied under alias, fragment, @skip, @include and node', async () => {
  const { reader } = await county.get();
  const isNode = (type: unknown) => isObjectType(type) && type.getInterfaces().length > 0;
  const denied = all.filter(
    ({ fields, grants: g }) =>
      fields.length === 2 &&
      isNode(getNamedType(fields[0]?.type ?? query)) &&
      !allows(['operator'], g),
  );
  const wrong: string[] = [];
  for (const { fields } of denied) {
    for (const text of disguises(fields)) {
      const request = {
        document: parse(text),
        operationName: null,
        variables: {},
        actor: actorOf(['operator']),
      };
      if ((await outcome(async () => reader.planOperation(request))) !== 'auth.forbidden') {
        wrong.push(text);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(denied.length).toBeGreaterThan(50);
});

test('G4 G5 filters and sort keys are refused with the grant of what they read', async () => {
  const someRoles = {
    clerk: { zh: '文书', en: 'Clerk', grants: ['self.read', 'cadre.read'] as const },
  };
  const { database } = await county.get();
  const reader = createReader({
    ...{
      schema,
      databaseUrl: database.logins.api,
      identityKey: IDENTITY_KEY,
      roles: someRoles,
      lanes: 1,
    },
    clock: fixedClock('2026-06-30T10:00:00+08:00'),
  });
  const type = schema.getType('CadreFilter');
  if (!isInputObjectType(type)) throw new Error('no filter');
  const say = (text: string, variables = {}) =>
    outcome(async () =>
      reader.planOperation({
        document: parse(text),
        operationName: null,
        variables,
        actor: actorOf(['clerk']),
      }),
    );
  const sample: Record<string, unknown> = {
    hasOpenWarning: false,
    severity: ['RED'],
    level: ['131'],
    employment: ['RETIRED'],
  };
  for (const field of Object.values(type.getFields())) {
    const expected = field.extensions.grant === 'cadre.read' ? 'ok' : 'auth.forbidden';
    const filter = { [field.name]: sample[field.name] ?? 'x' };
    const text = 'query ($f: CadreFilter) { cadres(filter: $f) { totalCount } }';
    expect([field.name, await say(text, { f: filter })]).toEqual([field.name, expected]);
  }
  const orders = schema.getType('CadreOrder');
  if (!isEnumType(orders)) throw new Error('no order');
  for (const { name, extensions } of orders.getValues()) {
    const expected = extensions.grant === 'cadre.read' ? 'ok' : 'auth.forbidden';
    expect([name, await say(`{ cadres(orderBy: ${name}) { totalCount } }`)]).toEqual([
      name,
      expected,
    ]);
    const text = 'query ($o: CadreOrder) { cadres(orderBy: $o) { totalCount } }';
    expect([name, await say(text, { o: name })]).toEqual([name, expected]);
  }
  await reader.close();
});

test('no role’s name contains another’s as a word: row policies look for whole words', () => {
  expect(Object.keys(ROLES).filter((name) => !/^[a-z]+$/.test(name))).toEqual([]);
});
