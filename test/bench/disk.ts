/** What a database takes on disk, table by table, indexes and TOAST included. */
import { postgres } from '../../src/platform/driver.ts';

export type TableSize = { table: string; bytes: number };

/** Tables of the hub, largest first; a partitioned table counts as one, wherever its parts lie. */
export async function tableSizes(url: string): Promise<TableSize[]> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return [
      ...(await sql<TableSize[]>`
        select r.root::text as "table", sum(pg_total_relation_size(c.oid))::float8 as bytes
        from pg_class c, coalesce(pg_partition_root(c.oid), c.oid::regclass) r (root)
        where c.relkind in ('r', 'p')
          and r.root in (select oid from pg_class where relnamespace = 'hub'::regnamespace)
        group by 1 order by 2 desc`),
    ];
  } finally {
    await sql.end();
  }
}

export const totalOf = (sizes: readonly TableSize[]) =>
  sizes.reduce((sum, { bytes }) => sum + bytes, 0);

/** The three that take most, in words: `record 40 %, landed_row 30 %, …`. */
export function shares(sizes: readonly TableSize[]): string {
  const total = totalOf(sizes);
  return sizes
    .slice(0, 3)
    .map(
      ({ table, bytes }) => `${table.replace(/^hub\./, '')} ${Math.round((100 * bytes) / total)} %`,
    )
    .join(', ');
}
