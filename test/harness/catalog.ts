/**
 * What a database consists of, as sorted lines to compare: columns, constraints, indexes, policies,
 * grants, partitions, views, functions. Not the order of columns: a column added later stands last, and means the same.
 */
import type { Sql } from '../../src/platform/database.ts';

export async function catalogOf(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    with hub as (
      select c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relacl
      from pg_class c where c.relnamespace = 'hub'::regnamespace)
    select concat_ws(' ', 'relation', relname, relkind, relrowsecurity, relforcerowsecurity,
                     pg_get_partkeydef(oid)) as line from hub where relkind <> 'i'
    union all
    select concat_ws(' ', 'column', h.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                     a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid), a.attacl::text)
    from hub h join pg_attribute a on a.attrelid = h.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where h.relkind in ('r', 'p', 'v')
    union all
    select concat_ws(' ', 'constraint', h.relname, k.conname, pg_get_constraintdef(k.oid))
    from hub h join pg_constraint k on k.conrelid = h.oid
    union all
    select concat_ws(' ', 'index', pg_get_indexdef(h.oid)) from hub h where relkind in ('i', 'I')
    union all
    select concat_ws(' ', 'policy', tablename, policyname, permissive, roles::text, cmd, qual, with_check)
    from pg_policies where schemaname = 'hub'
    union all
    select concat_ws(' ', 'view', relname, pg_get_viewdef(oid)) from hub where relkind = 'v'
    union all
    select concat_ws(' ', 'function', oid::regprocedure, pg_get_functiondef(oid), proacl::text)
    from pg_proc where pronamespace = 'hub'::regnamespace
    union all
    select concat_ws(' ', 'grant', h.relname, g.grantee::regrole, g.privilege_type)
    from hub h, aclexplode(h.relacl) g`;
  return rows.map(({ line }) => line).sort();
}
