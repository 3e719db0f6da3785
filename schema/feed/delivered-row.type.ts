/** A delivered row, cell by cell under the department's own headings. */
import type { Grant } from '../../src/access/grants.ts';
import { expression, type Fields, listField, type RowRef, sameRow } from '../fields.ts';
import { maskedCell } from '../person/masked.ts';
import { rowType } from '../row-types.ts';
import { sourceOf } from '../sources.ts';
import { batch, feed } from './feed.table.ts';

const batches = sourceOf(batch, [batch.batchId]);
const feeds = sourceOf(feed, [feed.feedId]);

/** Stored JSON may hold \u0000, which no PostgreSQL text can: shown as the replacement character. */
const cells = (row: string) => `replace(${row}.cells::text, '\\u0000', '\\ufffd')::json`;

/** Columns and values of a row, whether delivered as a list or as an object. */
const cellsOf = (row: string, alias: string) => `(
  select d.name, d.v #>> '{}' as value, d.n, d.name = any(f.identity_columns) as is_identity,
    json_typeof(d.v) in ('array', 'object') as is_nested
  from ${batches.table} b join ${feeds.table} f on f.feed_id = b.feed_id, lateral (
    select h.name, c.v, h.n from (select ${cells(row)} as j) d,
      jsonb_array_elements_text(b.header -> ${row}.sheet) with ordinality h(name, n)
      join json_array_elements(case when json_typeof(d.j) = 'array' then d.j else '[]' end)
        with ordinality c(v, n) on c.n = h.n
    union all
    select e.name, e.v, e.n from (select ${cells(row)} as j) d,
      json_each(case when json_typeof(d.j) = 'object' then d.j else '{}' end)
        with ordinality e(name, v, n)) d
  where b.batch_id = ${row}.batch_id) ${alias}`;

const shown = (grant: Grant, prefix: string): RowRef => {
  const cell: RowRef = rowType(`${prefix}Cell`, {
    ...{ zh: '一个单元格', en: 'One cell of a delivered row' },
    grant,
    fields: (t) => ({
      column: expression(t, {
        ...{ grant, zh: '列名', en: 'Heading', type: 'String' },
        sql: (row) => `${row}.name`,
      }),
      value: expression(t, {
        ...{ grant, zh: '值（证件号码掩码）', en: 'Value, identity numbers masked' },
        ...{ type: 'String', nullable: true },
        sql: (row) =>
          maskedCell(`${row}.value`, {
            name: `${row}.name`,
            isIdentity: `${row}.is_identity`,
            isNested: `${row}.is_nested`,
          }),
      }),
      fullValue: expression(t, {
        ...{ grant: 'identity.read', zh: '未掩码的值', en: 'Value, not masked' },
        ...{ type: 'String', nullable: true },
        sql: (row) => `${row}.value`,
      }),
    }),
  });
  return rowType(`${prefix}Row`, {
    ...{ zh: '交付的原始行', en: 'A row as the department delivered it' },
    grant,
    fields: (t) => ({
      sheet: expression(t, {
        ...{ grant, zh: '工作表；原始数据已过保存期时为空', en: 'Sheet; null when no longer kept' },
        ...{ type: 'String', nullable: true },
        sql: (row) => `${row}.sheet`,
      }),
      row: expression(t, {
        ...{ grant, zh: '行号', en: 'Row number', type: 'Int' },
        sql: (row) => `${row}.ordinal`,
      }),
      payloadName: expression(t, {
        ...{ grant, zh: '交付文件', en: 'Delivered file', type: 'String' },
        sql: (row) =>
          `(select b.payload_name from ${batches.table} b where b.batch_id = ${row}.batch_id)`,
      }),
      asOf: expression(t, {
        ...{ grant, zh: '数据日期', en: 'Date of the data', type: 'Date' },
        sql: (row) => `(select b.as_of from ${batches.table} b where b.batch_id = ${row}.batch_id)`,
      }),
      cells: listField(t, cell, {
        ...{ grant, zh: '单元格', en: 'Cells in the order delivered' },
        plan: {
          kind: 'rows',
          rows: (p, alias) => ({ from: cellsOf(p, alias), where: [], orderBy: `${alias}.n` }),
        },
      }),
    }),
  });
};

/** Two types over the same rows, because two grants open them. */
const EvidenceRow = shown('evidence.read', 'Evidence');
const QuarantineRow = shown('quarantine.read', 'Quarantined');

/** On a row that carries its citation: batch_id, ordinal, sheet, cells. */
export const deliveredRowField = (t: Fields, grant: 'evidence.read' | 'quarantine.read') =>
  sameRow(t, grant === 'evidence.read' ? EvidenceRow : QuarantineRow, {
    ...{ grant, zh: '原始行', en: 'The row as it was delivered' },
  });
