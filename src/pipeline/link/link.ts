/**
 * Makes the graph say what the record log says. The graph is a pure function of the log and the
 * batches: every order of arrival, and a rebuild from nothing, give the same facts. Serialised over
 * all feeds, since two of them may speak about the same person.
 */

import { FACT_TABLES, type FactTable } from '../../../schema/fact-tables.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import { type Batch, readBatch, type StageContext, stageTransaction } from '../stage.ts';
import { noteChanges } from './changes.ts';
import { derivePopulation, spreadManagedBy } from './population.ts';
import { linkFirst, relink } from './relink.ts';
import { touchBatch, touchMoved, touchPersons } from './touched.ts';
import { rebuildTrips } from './trips.ts';
import { isFirstOfKind, isNewest, lockGraph, openWorkspace } from './workspace.ts';

/** These decide who is in the population, so they are linked before it is derived, in this order. */
const FIRST_KINDS = ['unit', 'official', 'kinship'];

type LinkKind = (table: FactTable) => Promise<void>;

async function touchedKinds(tx: Transaction): Promise<Set<string>> {
  const rows = await tx<{ kind: string }[]>`select distinct kind from touched`;
  return new Set(rows.map(({ kind }) => kind));
}

/** Links every kind in the order their dependence asks for; `linkOwn` prepares or shortcuts a kind. */
export async function linkKinds(tx: Transaction, linkOwn: LinkKind): Promise<void> {
  const linkSome = async (kinds: readonly string[]) => {
    const some = kinds.flatMap((kind) => FACT_TABLES.get(kind) ?? []);
    for (const table of some) await linkOwn(table);
    const touched = await touchedKinds(tx);
    for (const table of some) if (touched.has(table.kind)) await relink(tx, table);
  };
  await linkSome(['unit', 'official']);
  // A declaration may have come before its official did.
  await touchPersons(tx, `select subject_id from changed where kind = 'official'`, {
    only: 'kinship',
  });
  await linkSome(['kinship']);
  const isMoved = await derivePopulation(tx);
  if (isMoved) await touchPersons(tx, 'select person_id from entrant', { except: FIRST_KINDS });
  await linkSome([...FACT_TABLES.keys()].filter((kind) => !FIRST_KINDS.includes(kind)));
  if (isMoved) await spreadManagedBy(tx, FACT_TABLES.values());
  await rebuildTrips(tx, `select subject_id as person_id from changed where kind = 'crossing'`);
  failpoint('link.after-trips');
}

async function linkBatch(tx: Transaction, batch: Batch & { kinds: string[] }): Promise<void> {
  const { batchId } = batch;
  const newest = await isNewest(tx, batchId);
  await touchMoved(tx);
  await linkKinds(tx, async (table) => {
    if (!batch.kinds.includes(table.kind)) return;
    if (await isFirstOfKind(tx, batchId, table.kind)) return linkFirst(tx, table, batchId);
    await touchBatch(tx, table, { ...batch, isNewest: newest });
  });
}

async function finish(tx: Transaction, ctx: StageContext, { batchId, feedId }: Batch) {
  await tx`delete from hub.moved_record`;
  const now = ctx.clock.now();
  await tx`update hub.batch set state = 'linked', linked_at = ${now} where batch_id = ${batchId}`;
  await tx`update hub.feed f set last_synced_at = ${now}, data_as_of = greatest(f.data_as_of, b.as_of)
    from hub.batch b where b.batch_id = ${batchId} and f.feed_id = ${feedId}`;
  await noteChanges(tx, batchId);
}

/** Links one resolved batch; a batch that is linked already is left alone. */
export async function link(ctx: StageContext, batchId: number): Promise<void> {
  ctx.onProgress?.('link', 0);
  await stageTransaction(ctx, 'link', async (tx) => {
    await lockGraph(tx);
    const batch = await readBatch(tx, batchId);
    if (batch.state !== 'resolved') return;
    const [row] = await tx<{ kinds: string[] }[]>`
      select kinds from hub.batch where batch_id = ${batchId}`;
    await openWorkspace(tx, batchId);
    await linkBatch(tx, { ...batch, kinds: row?.kinds ?? [] });
    await finish(tx, ctx, batch);
  });
  ctx.onProgress?.('link', 1, 1);
}
