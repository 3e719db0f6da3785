/**
 * Builds the whole graph again from the record log, in one transaction. By the promise of purity the
 * result equals what the tables held; if it does not, the link stage has a fault.
 */

import { FACT_TABLES } from '../../../schema/fact-tables.ts';
import type { Transaction } from '../../platform/database.ts';
import { resolveMentions } from '../resolve/resolve-mentions.ts';
import type { StageContext } from '../stage.ts';
import { linkKinds } from './link-kinds.ts';
import { takeLock } from './locks.ts';
import { openWorkspace } from './workspace.ts';

type RebuildContext = Pick<StageContext, 'sql' | 'connectors' | 'clock'>;

/** Nothing is resolved or linked meanwhile. */
const LOCKS = ['mentions', 'population', 'graph'] as const;

/** What is worked out from facts and holds ids. */
export const DERIVED_TABLES = [
  'trip',
  'person',
  'kin_authority',
  'cadre_name',
  'cadre_count',
  'identifier',
  'moved_record',
] as const;

async function empty(tx: Transaction, kinds: Iterable<string>) {
  const tables = [...kinds, ...DERIVED_TABLES];
  await tx.unsafe(`truncate ${tables.map((name) => `hub.${name}`).join(', ')}`);
}

/** Empties every derived table of the graph and links the whole log anew; changes nothing else. */
export async function rebuildGraph(ctx: RebuildContext): Promise<void> {
  await ctx.sql.begin(async (tx) => {
    for (const lock of LOCKS) await takeLock(tx, lock);
    await empty(tx, FACT_TABLES.keys());
    await tx`create temp table mention on commit drop as
      select distinct mention_key from hub.record where mention_key is not null`;
    await resolveMentions(tx, ctx, null);
    await openWorkspace(tx, null);
    const touchAll = async () => {
      await tx`insert into touched select distinct kind, record_key from hub.stated
        where batch_id in (select batch_id from placed)`;
    };
    await touchAll();
    await linkKinds(tx, {
      batchId: null,
      makesPopulation: true,
      isAlone: true,
      kinds: [],
      linkOwn: async () => undefined,
      touchOthers: touchAll,
    });
    await tx`delete from hub.moved_record`;
  });
}
