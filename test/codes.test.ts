/** Codes are worded once, and every code that a department can deliver has its words. */
import { isEnumType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../schema/index.ts';
import { factKinds } from '../src/cases/fact-kinds.ts';
import { extensionsOf } from '../src/read/compile-object.ts';
import type { TypeExtensions } from '../src/read/field-plan.ts';
import type { Writer } from '../src/read/index.ts';

/** Enough of a writer for SQL that is looked at and never run. */
const writer = { bind: () => '$1', managed: () => 'true' } as unknown as Writer;

/** `property.obtained_by` → the enum the API shows it as, for plain columns of fact tables. */
function enumsOfColumns(): Map<string, Set<string>> {
  const enums = new Map<string, Set<string>>();
  for (const type of Object.values(schema.getTypeMap())) {
    const { source } = type.extensions as Partial<TypeExtensions>;
    if (!isObjectType(type) || !source) continue;
    for (const field of Object.values(type.getFields())) {
      const shown = 'ofType' in field.type ? field.type.ofType : field.type;
      const { plan } = extensionsOf(field);
      if (!isEnumType(shown) || plan?.kind !== 'value') continue;
      const column = /\brow\.(\w+)/.exec(plan.sql('row', writer))?.[1];
      const names = new Set(shown.getValues().map(({ name }) => name));
      if (column) enums.set(`${source.table.replace(/^hub\./, '')}.${column}`, names);
    }
  }
  return enums;
}

test('every code that a feed can deliver has words where the API shows it', async () => {
  const enums = enumsOfColumns();
  const seen: string[] = [];
  const wordless: string[] = [];
  for (const { kind, table, fields } of (await factKinds()).values()) {
    for (const { field, name } of table.columns) {
      const words = enums.get(`${kind}.${name}`);
      if (!words) continue;
      seen.push(`${kind}.${name}`);
      for (const code of fields.get(field)?.codes ?? [])
        if (!words.has(code.toUpperCase().replaceAll('-', '_')))
          wordless.push(`${kind}.${name}: ${code}`);
    }
  }
  expect(wordless).toEqual([]);
  expect(seen).toEqual(expect.arrayContaining(['property.obtained_by', 'travel_document.kind']));
});
