import { readdirSync, readFileSync } from 'node:fs';
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

test('every type file stands in schema/index.ts or is imported by one that does', () => {
  const root = new URL('../schema/', import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.type.ts'),
  );
  const text = ['index.ts', ...files]
    .map((name) => readFileSync(new URL(name, root), 'utf8'))
    .join('\n');
  const lost = files.filter((name) => !text.includes(`/${name.split('/').pop()}'`));
  expect(lost).toEqual([]);
});
