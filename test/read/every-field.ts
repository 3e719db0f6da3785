/**
 * Questions made from the schema: every field alone, every argument, every filter key and every sort
 * key, on a way from the query root that is known to show rows of the type.
 */
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { HubError } from '../../src/base/errors.ts';

type Field = GraphQLField<unknown, unknown>;
export type Ask = (text: string) => Promise<Record<string, unknown>>;
/** Fields from the query root down to a type; a question is `open` + selection + `close`. */
type Way = { open: string; close: string };
/** A type is walked with an id of one of its rows; an official with a number, too. */
export type Known = { idNumber: string };

const LONGEST_WAY = 6;
/** What a field answers and of what it was asked: `seen` counts the rows it was read from. */
export type Finding = { question: string; problem: string };

/** Literals an argument or a filter key can take; each is tried. */
function literals(type: GraphQLInputType): string[] {
  const inner = getNullableType(type);
  if (isListType(inner)) return literals(inner.ofType).map((each) => `[${each}]`);
  if (isEnumType(inner)) return inner.getValues().map(({ name }) => name);
  if (isInputObjectType(inner)) {
    return Object.values(inner.getFields()).flatMap((field) =>
      literals(field.type).map((each) => `{ ${field.name}: ${each} }`),
    );
  }
  const name = getNamedType(inner).name;
  const known: Record<string, string[]> = {
    Boolean: ['true', 'false'],
    Int: ['1'],
    Float: ['1'],
    Date: ['"2026-01-31"'],
  };
  return known[name] ?? ['"x"'];
}

const call = (name: string, args: readonly string[]) =>
  args.length === 0 ? name : `${name}(${args.join(', ')})`;

const isConnection = (field: Field) => field.args.some(({ name }) => name === 'before');
const isTyped = (arg: GraphQLArgument, name: string) => getNamedType(arg.type).name === name;

/** Every object with this key below an answer. */
function objectsWith(key: string, value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap((each) => objectsWith(key, each));
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap((each) => objectsWith(key, each));
  return key in value ? [value as Record<string, unknown>, ...inner] : inner;
}

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int: Number.isInteger,
  Float: (value) => typeof value === 'number',
  Boolean: (value) => typeof value === 'boolean',
  Yuan: (value) => /^-?\d+\.\d\d$/.test(String(value)),
  Date: (value) => /^\d{4}-\d\d-\d\d$/.test(String(value)),
};

/** What is wrong with the value of a field, by its type alone. */
function wrongValue(field: Field, value: unknown): string | undefined {
  const { type } = field;
  if (value === null || value === undefined) return isNonNullType(type) ? 'null' : undefined;
  const isList = isListType(getNullableType(type));
  if (isList !== Array.isArray(value)) return isList ? 'no list' : 'a list';
  const named = getNamedType(type);
  if (!isLeafType(named)) return undefined;
  const fits = KINDS[named.name] ?? ((each) => typeof each === 'string');
  const values = Array.isArray(value) ? value : [value];
  return values.every(fits) ? undefined : `${JSON.stringify(value)} is no ${named.name}`;
}

/** Walks a schema over a database that `ask` reads with every grant. */
export function walker(schema: GraphQLSchema, ask: Ask, known: Known) {
  const query = schema.getQueryType() as GraphQLObjectType;
  const ids = new Map<string, string>();
  /** A cursor of a row, by the type of the edges. */
  const cursors = new Map<string, string>();

  /** The ways a field can be called that may show a row: its ID arguments name one, where one is known. */
  function calls(field: Field): string[][] {
    const given = field.args.flatMap((arg) => {
      if (arg.name === 'idNumber') return [[`idNumber: "${known.idNumber}"`]];
      const id = ids.get(getNamedType(field.type).name);
      return isTyped(arg, 'ID') && id !== undefined ? [[`${arg.name}: "${id}"`]] : [];
    });
    const needed = field.args.filter(isRequiredArgument).filter((arg) => !isTyped(arg, 'ID'));
    const first = needed.map((arg) => `${arg.name}: ${literals(arg.type)[0]}`);
    const hasKey = field.args.some((arg) => isTyped(arg, 'ID') || arg.name === 'idNumber');
    return hasKey ? given : [first];
  }

  /** Ways from the query root to every type, shortest first. */
  function* ways(): Generator<{ type: GraphQLObjectType; way: Way }> {
    let layer: { type: GraphQLObjectType; way: Way; been: readonly Field[] }[] = [
      { type: query, way: { open: '{ ', close: ' }' }, been: [] },
    ];
    for (let length = 0; length < LONGEST_WAY && layer.length > 0; length += 1) {
      const next: typeof layer = [];
      for (const { type, way, been } of layer) {
        for (const field of Object.values(type.getFields())) {
          const inner = getNamedType(field.type);
          if (!isObjectType(inner) || been.includes(field)) continue;
          for (const args of calls(field)) {
            const open = `${way.open}${call(field.name, args)} { `;
            const further = { type: inner, way: { open, close: ` }${way.close}` } };
            yield further;
            next.push({ ...further, been: [...been, field] });
          }
        }
      }
      layer = next;
    }
  }

  const all = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  );
  const hasPlan = (type: GraphQLObjectType) =>
    Object.values(type.getFields()).some(({ extensions }) => extensions.plan !== undefined);

  /** A way to each type on which the database shows a row; types without one are left out. */
  async function waysWithRows(): Promise<Map<string, Way>> {
    const found = new Map<string, Way>([[query.name, { open: '{ ', close: ' }' }]]);
    for (const { type, way } of ways()) {
      if (found.has(type.name)) continue;
      const isNode = type.getInterfaces().length > 0;
      const isEdge = type.getFields().cursor !== undefined && type.getFields().node !== undefined;
      const shown = `${isNode ? ' seenId: id' : ''}${isEdge ? ' seenCursor: cursor' : ''}`;
      const answer = await ask(`${way.open}seen: __typename${shown}${way.close}`);
      const [row] = objectsWith('seen', answer).filter(({ seen }) => seen === type.name);
      if (!row) continue;
      found.set(type.name, way);
      if (isNode) ids.set(type.name, String(row.seenId));
      if (isEdge) cursors.set(type.name, String(row.seenCursor));
      if (found.size === all.length) break;
    }
    return found;
  }

  const selectionOf = (field: Field, args: readonly string[]) =>
    `alone: ${call(field.name, args)}${innerOf(field)}`;

  /** Rows of a page, or nothing of its arguments would be asked. */
  function innerOf(field: Field): string {
    if (isLeafType(getNamedType(field.type))) return '';
    return isConnection(field) ? ' { nodes { seen: __typename } }' : ' { seen: __typename }';
  }

  /** A field with its required arguments, then with each argument and each of its values. */
  function questionsOf(field: Field): string[] {
    const needed = field.args.filter(isRequiredArgument);
    const must = (but?: GraphQLArgument) =>
      needed
        .filter((arg) => arg !== but)
        .map((arg) => `${arg.name}: ${valuesOf(field, arg)[0] ?? '""'}`);
    const each = field.args.flatMap((arg) =>
      valuesOf(field, arg).map((value) => [
        `${arg.name}: ${value}`,
        ...(arg.name === 'before' ? ['last: 1'] : []),
        ...must(arg),
      ]),
    );
    return [must(), ...each].map((args) => selectionOf(field, args));
  }

  /** An id or cursor of a row there is, so that the lookup finds it. */
  function valuesOf(field: Field, arg: GraphQLArgument): string[] {
    const type = getNamedType(field.type);
    if (arg.name === 'after' || arg.name === 'before') return cursorsOf(field);
    if (arg.name === 'idNumber') return [`"${known.idNumber}"`];
    if (!isTyped(arg, 'ID')) return literals(arg.type);
    const own = ids.get(type.name);
    const chosen = own === undefined ? [...ids.values()] : [own];
    return chosen.map((id) => (arg.name === 'ids' ? `["${id}"]` : `"${id}"`));
  }

  function cursorsOf(field: Field): string[] {
    const type = getNamedType(field.type);
    const edges = isObjectType(type) ? type.getFields().edges : undefined;
    const cursor = edges && cursors.get(getNamedType(edges.type).name);
    return cursor === undefined ? [] : [`"${cursor}"`];
  }

  /** Pages are read whole, both ways: the order also decides `edges`, `pageInfo` and what is behind a cursor. */
  function pageQuestions(field: Field): string[] {
    if (!isConnection(field)) return [];
    const order = field.args.find(({ name }) => name === 'orderBy');
    const orders = order ? literals(order.type).map((key) => [`orderBy: ${key}`]) : [[]];
    const [cursor] = cursorsOf(field);
    const walks = cursor
      ? [['first: 2'], ['last: 2'], [`first: 2, after: ${cursor}`], [`last: 2, before: ${cursor}`]]
      : [];
    return orders.flatMap((by) =>
      walks.map(
        (walk) =>
          `alone: ${call(field.name, [...by, ...walk])} { totalCount edges { cursor } nodes { __typename }
            pageInfo { startCursor endCursor hasNextPage hasPreviousPage } }`,
      ),
    );
  }

  async function check(
    field: Field,
    type: string,
    way: Way,
    selection: string,
  ): Promise<Finding[]> {
    const question = `${way.open}seenAs: __typename ${selection}${way.close}`;
    try {
      const rows = objectsWith('seenAs', await ask(question)).filter(
        ({ seenAs }) => seenAs === type,
      );
      if (rows.length === 0) return [{ question, problem: 'no row' }];
      const wrong = rows.map(({ alone }) => wrongValue(field, alone)).find(Boolean);
      return wrong === undefined ? [] : [{ question, problem: wrong }];
    } catch (error) {
      // Of several parents a cursor names a row of one; the statement that says so has run.
      const isMisplaced = error instanceof HubError && error.code === 'cursor.invalid';
      const isCursor = /\b(after|before): /.test(selection);
      return isMisplaced && isCursor ? [] : [{ question, problem: String(error) }];
    }
  }

  /** Everything that is wrong with a field of any type that SQL answers, and how much was asked. */
  return async function walk(): Promise<{ asked: number; findings: Finding[] }> {
    const found = await waysWithRows();
    const findings: Finding[] = [];
    let asked = 0;
    for (const type of all) {
      const way = found.get(type.name);
      if (!way) {
        if (hasPlan(type)) findings.push({ question: type.name, problem: 'no row in the county' });
        continue;
      }
      for (const field of Object.values(type.getFields())) {
        for (const selection of [...questionsOf(field), ...pageQuestions(field)]) {
          asked += 1;
          findings.push(...(await check(field, type.name, way, selection)));
        }
      }
    }
    return { asked, findings };
  };
}
