/**
 * One digest per table over what its rows say. Numbers that depend on the order of arrival are
 * replaced by what they stand for (a batch by its payload, an authority by its code), and moments
 * are left out, so equal digests mean equal knowledge.
 */
import { FACT_TABLES } from '../../schema/fact-tables.ts';
import type { Sql } from '../../src/platform/database.ts';

const WITHOUT = `'batch_id', 'entry_batch_id', 'managed_by', 'kin_managed_by', 'created_at', 'received_at', 'linked_at', 'landed_on', 'page_id', 'first_ordinal'`;
const batch = (column: string) =>
  `(select b.feed_id || b.payload_digest from hub.batch b where b.batch_id = t.${column})`;

/** Codes of the authorities in a column, where the table has it. */
const codes = (column: string) => `(select array_agg(a.code order by a.code) from hub.authority a
  where a.authority_id in (select jsonb_array_elements_text(to_jsonb(t) -> '${column}')::smallint
    where jsonb_typeof(to_jsonb(t) -> '${column}') = 'array'))`;

const said = (isManaged: boolean, batches: readonly string[]) => `
  (to_jsonb(t) - array[${WITHOUT}]) || jsonb_build_object(
    ${batches.map((column) => `'${column}', ${batch(column)},`).join('')}
    'kinManagedBy', ${isManaged ? codes('kin_managed_by') : 'null'},
    'managedBy', ${isManaged ? codes('managed_by') : 'null'})`;

async function digest(sql: Sql, table: string, expression: string): Promise<string> {
  const [row] = await sql.unsafe<{ digest: string }[]>(
    `select count(*) || ':' || coalesce(md5(string_agg(d, '' order by d)), '') as digest
     from (select md5((${expression})::text) as d from hub.${table} t) x`,
  );
  return row?.digest ?? '';
}

/** Digests of everything the graph says: facts, trips, persons, document holders. */
export async function graphDigests(sql: Sql): Promise<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const { kind, subject } of FACT_TABLES.values()) {
    result[kind] = await digest(sql, kind, said(subject === 'person', ['batch_id']));
  }
  result.trip = await digest(sql, 'trip', said(true, ['batch_id', 'entry_batch_id']));
  result.person = await digest(sql, 'person', said(true, []));
  result.kin_authority = await digest(sql, 'kin_authority', said(true, []));
  result.cadre_name = await digest(sql, 'cadre_name', said(true, []));
  result.identifier = await digest(sql, 'identifier', said(false, ['batch_id']));
  // Delivered cells may hold \u0000, which jsonb refuses.
  const rejected = `to_jsonb((select x from (select t.feed_id, t.ordinal, t.reason, t."column", t.message_zh,
    t.message_en, t.state, t.sheet, t.cells::text as cells) x))`;
  result.quarantine = await digest(
    sql,
    'quarantine',
    said(false, ['batch_id']).replace('to_jsonb(t)', rejected),
  );
  const body = `jsonb_build_object('body', (select g.bodies -> t.slot from hub.record_page g
    where g.page_id = t.page_id))`;
  result.record = await digest(sql, 'stated', `${said(false, ['batch_id'])} || ${body}`);
  return result;
}

/** The same for every table the pipeline writes. */
export async function allDigests(sql: Sql): Promise<Record<string, string>> {
  return {
    ...(await graphDigests(sql)),
    landed: await digest(
      sql,
      'landed_page',
      `${said(false, ['batch_id'])} || jsonb_build_object('first', t.first_ordinal)`,
    ),
    batch: await digest(sql, 'batch', said(false, [])),
    moved: await digest(sql, 'moved_record', said(false, ['batch_id'])),
    changed: await digest(sql, 'changed_subject', `t.subject || t.subject_id`),
    feed: await digest(sql, 'feed', `t.feed_id || coalesce(t.data_as_of::text, '')`),
  };
}
