import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type GraphQLField,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, test } from 'vitest';
import type { Fields } from '../schema/fields.ts';
import { printedSchema, schema } from '../schema/index.ts';
import { GRANTS } from '../src/access/grants.ts';

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);
const fields: { name: string; field: GraphQLField<unknown, unknown> }[] = types.flatMap((type) =>
  isObjectType(type) || isInterfaceType(type)
    ? Object.values(type.getFields()).map((field) => ({ name: `${type}.${field.name}`, field }))
    : [],
);

test('G2 every field of the built schema carries a known grant', () => {
  const open = fields.filter(({ field }) => !Object.hasOwn(GRANTS, String(field.extensions.grant)));
  expect(open.map(({ name }) => name)).toEqual([]);
  expect(fields.length).toBeGreaterThan(200);
});

test('G2 a field without a grant does not compile', () => {
  const field = (t: Fields) =>
    // @ts-expect-error The grant is missing: if this compiles, `tsc` fails here.
    t.field({ type: 'String', zh: '姓名', en: 'Name', resolve: () => '' });
  expect(typeof field).toBe('function');
});

test('G4 G5 every filter and every sort key carries the grant of what it reads', () => {
  const inputs = types
    .filter((type) => isInputObjectType(type))
    .filter((type) => type.name.endsWith('Filter'));
  const filters = inputs.flatMap((type) => Object.values(type.getFields()));
  const keys = types
    .filter((type) => isEnumType(type))
    .filter((type) => type.name.endsWith('Order'))
    .flatMap((type) => type.getValues());
  const open = [...filters, ...keys].filter(
    ({ extensions }) => !Object.hasOwn(GRANTS, String(extensions.grant)),
  );
  expect(open.map(({ name }) => name)).toEqual([]);
  expect(filters.length + keys.length).toBeGreaterThan(30);
});

/** Everything in the schema that a reader may ask the meaning of. */
function described(): { name: string; description: string | null | undefined }[] {
  return types.flatMap((type) => {
    const own = { name: type.name, description: type.description };
    if (isEnumType(type)) {
      return [own, ...type.getValues().map((v) => ({ ...v, name: `${type}.${v.name}` }))];
    }
    if (isInputObjectType(type)) {
      return [
        own,
        ...Object.values(type.getFields()).map((f) => ({ ...f, name: `${type}.${f.name}` })),
      ];
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return [own];
    const inner = Object.values(type.getFields()).flatMap((field) => [
      { name: `${type}.${field.name}`, description: field.description },
      ...field.args.map((arg) => ({
        name: `${type}.${field.name}(${arg.name})`,
        description: arg.description,
      })),
    ]);
    return [own, ...inner];
  });
}

test('every type, field, argument and value is described in Chinese first, English beside it', () => {
  const bare = described().filter(
    ({ description }) => !/^[^/]*\p{Script=Han}[^/]* \/ .*[A-Za-z]/u.test(description ?? ''),
  );
  expect(bare.map(({ name }) => name)).toEqual([]);
});

test('schema.graphql is what the code says', () => {
  const committed = readFileSync(new URL('../schema/schema.graphql', import.meta.url), 'utf8');
  expect(committed).toBe(printedSchema());
});

const GIFT_TABLE = `import { text } from 'drizzle-orm/pg-core';
import { factKey, hub, registerFact, registerRows } from '../table-parts.ts';
export const gift = hub.table('gift', { ...registerFact, giver: text('giver').notNull() }, (t) => [
  factKey(t), ...registerRows('gift'),
]);`;
const GIFT_TYPE = `import { column, many, ofPerson, type RowRef } from '../fields.ts';
import { Cadre, Relative } from '../person/person.type.ts';
import { addFields, rowType } from '../row-types.ts';
import { facts } from '../sources.ts';
import { gift } from './gift.table.ts';
const grant = 'asset.read';
const gifts = facts(gift);
export const Gift: RowRef = rowType('Gift', {
  zh: '礼品', en: 'A gift', source: gifts, grant,
  fields: (t) => ({ giver: column(t, gift.giver, { grant, zh: '赠与人', en: 'Giver' }) }),
});
addFields([Cadre, Relative], (t) => ({
  gifts: many(t, Gift, { grant, zh: '礼品', en: 'Gifts', source: gifts, ...ofPerson }),
}));`;

test('a concept is a folder: its fields hang on officials and relatives, and no other file changes', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const copy = mkdtempSync(join(tmpdir(), 'hub-concept-'));
  try {
    cpSync(join(root, 'schema'), join(copy, 'schema'), { recursive: true });
    for (const name of ['src', 'node_modules', 'package.json']) {
      symlinkSync(join(root, name), join(copy, name));
    }
    mkdirSync(join(copy, 'schema/gift'));
    writeFileSync(join(copy, 'schema/gift/gift.table.ts'), GIFT_TABLE);
    writeFileSync(join(copy, 'schema/gift/gift.type.ts'), GIFT_TYPE);
    const print = `import { printedSchema } from './schema/index.ts'; console.log(printedSchema())`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', print], {
      cwd: copy,
      encoding: 'utf8',
    });
    const linesOf = (text: string) => text.split('\n').map((line) => line.trim());
    const before = new Set(linesOf(printedSchema()));
    expect(linesOf(printed).filter((line) => line.startsWith('gifts('))).toHaveLength(2);
    expect(linesOf(printed).filter((line) => line && !before.has(line))).toEqual(
      expect.arrayContaining(['type Gift implements Node {', 'giver: String!']),
    );
  } finally {
    rmSync(copy, { recursive: true });
  }
});
