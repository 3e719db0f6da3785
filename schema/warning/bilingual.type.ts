/** Sentences in two languages, and named values, as rules write them. */
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { expression, type Fields, listField, type RowRef, type Said } from '../fields.ts';
import { rowType } from '../row-types.ts';

const grant = 'rule.read';

/** A member of the JSON object in column `item` of a row. */
const member = (name: string) => (row: string) => `${row}.item ->> '${name}'`;

export const Bilingual: RowRef = rowType('Bilingual', {
  ...{ zh: '中英文对照的一句话', en: 'A sentence in two languages' },
  grant,
  fields: (t) => ({
    zh: expression(t, {
      ...{ grant, zh: '中文', en: 'Chinese', type: 'String' },
      sql: member('zh'),
    }),
    en: expression(t, {
      ...{ grant, zh: '英文', en: 'English', type: 'String' },
      sql: member('en'),
    }),
  }),
});

export const Fact: RowRef = rowType('Fact', {
  ...{ zh: '规则读到的一个值', en: 'A named value a rule read' },
  grant: 'warning.read',
  fields: (t) => {
    const value = (name: string, zh: string, en: string) =>
      expression(t, {
        ...{ grant: 'warning.read', zh, en, type: 'String', nullable: true },
        sql: member(name),
      });
    return {
      name: value('name', '名称', 'Name'),
      labelZh: value('labelZh', '含义', 'Meaning in Chinese'),
      labelEn: value('labelEn', '含义（英文）', 'Meaning in English'),
      valueZh: value('valueZh', '取值', 'Value in Chinese'),
      valueEn: value('valueEn', '取值（英文）', 'Value in English'),
    };
  },
});

/** Items of a JSON array, in its order. */
const items = (t: Fields, type: RowRef, array: (row: string) => string, said: Said) =>
  listField(t, type, {
    ...said,
    plan: {
      kind: 'rows',
      rows: (p, alias) => ({
        from: `(select e.item, e.n from jsonb_array_elements(${array(p)}) with ordinality e(item, n)) ${alias}`,
        where: [],
        orderBy: `${alias}.n`,
      }),
    },
  });

export const pairs = (t: Fields, of: AnyPgColumn, said: Said) =>
  items(t, Bilingual, (row) => `${row}.${of.name}`, said);
export const namedValues = (t: Fields, of: AnyPgColumn, said: Said) =>
  items(t, Fact, (row) => `${row}.${of.name}`, said);
/** What a warning's facts were before the event in the row. */
export const eventFacts = (t: Fields, said: Said) =>
  items(t, Fact, (row) => `coalesce(${row}.detail->'facts', '[]')`, said);
