/**
 * Bulk loading into the logs: `landed_page`, `record_page` and `record`. PostgreSQL does not COPY into
 * a table with row policies, so rows go in under `hub_loader`, a role that may do nothing but insert
 * into these tables. Where the operator's database does not let us make such a role, rows take the
 * longer way through a staging table.
 */
import type { Transaction } from '../platform/database.ts';
import { copyIn, type Lines } from './copy.ts';

export type Load = {
  table: 'landed_page' | 'record_page' | 'record';
  columns: string;
  /** Names the staging table, should one be needed. */
  batchId: number;
  lines: Lines;
};

async function hasLoader(tx: Transaction): Promise<boolean> {
  const [row] = await tx`select 1 from pg_roles
    where rolname = 'hub_loader' and rolbypassrls and pg_has_role(session_user, oid, 'member')`;
  return row !== undefined;
}

async function loadDirectly(tx: Transaction, { table, columns, lines }: Load): Promise<void> {
  const [before] = await tx<{ role: string }[]>`select current_user as role`;
  await tx`set local role hub_loader`;
  await copyIn(tx, `hub.${table} (${columns})`, lines);
  await tx.unsafe(`set local role "${before?.role}"`);
}

/** The longer way; exported for the test that both ways give the same rows. */
export async function loadByStaging(tx: Transaction, load: Load): Promise<void> {
  const { table, columns, batchId, lines } = load;
  const staging = `staging.${table}_${batchId}`;
  await tx.unsafe(
    `create unlogged table ${staging} as select ${columns} from hub.${table} where false`,
  );
  await copyIn(tx, staging, lines);
  await tx.unsafe(`insert into hub.${table} (${columns}) select ${columns} from ${staging}`);
  await tx.unsafe(`drop table ${staging}`);
}

/** Loads lines in COPY format within the caller's transaction. */
export async function loadRows(tx: Transaction, load: Load): Promise<void> {
  if (await hasLoader(tx)) await loadDirectly(tx, load);
  else await loadByStaging(tx, load);
}
