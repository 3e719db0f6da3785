/**
 * Which keys a batch may have changed. Cost follows what changed: a statement that only repeats what
 * the newest fact says is not touched; a late batch touches every key it names.
 */

import type { FactTable } from '../../../schema/fact-tables.ts';
import type { Transaction } from '../../platform/database.ts';

/** Keys the batch states, and in full mode the keys alive at its date that it no longer has. */
export async function touchBatch(
  tx: Transaction,
  table: FactTable,
  batch: { batchId: number; feedId: string; mode: 'full' | 'delta'; isNewest: boolean },
): Promise<void> {
  const { kind, subjectColumn } = table;
  const repeats = `and not exists (select 1 from hub.${kind} f where f.id = r.record_key
    and f.${subjectColumn} = r.person_id and f.known_to = 'infinity' and f.digest = r.digest)`;
  await tx.unsafe(
    `insert into touched select distinct r.kind, r.record_key from hub.record r
     where r.batch_id = $1 and r.kind = $2 ${batch.isNewest ? repeats : ''}`,
    [batch.batchId, kind],
  );
  if (batch.mode === 'delta') return;
  await tx.unsafe(
    `insert into touched select distinct $2::text, f.id from hub.${kind} f, placed b
     where b.batch_id = $1 and f.feed_id = b.feed_id and f.known_from <= b.as_of and f.known_to > b.as_of
       and not exists (select 1 from hub.record r where r.batch_id = $1 and r.record_key = f.id)`,
    [batch.batchId, kind],
  );
}

/** Keys of other batches whose person changed when this batch was resolved; false when there are none. */
export async function touchMoved(tx: Transaction, batchId: number): Promise<boolean> {
  const { count } = await tx`insert into touched
    select distinct kind, record_key from hub.moved_record where batch_id = ${batchId}`;
  return count > 0;
}

/** Every key of these persons, except those of kinds that were linked already. */
export async function touchPersons(
  tx: Transaction,
  persons: string,
  { only, except }: { only?: string; except?: readonly string[] },
): Promise<void> {
  await tx.unsafe(
    `insert into touched select distinct r.kind, r.record_key from hub.record r
     where r.person_id in (${persons}) and r.batch_id in (select batch_id from placed)
       and ($1::text is null or r.kind = $1) and not (r.kind = any($2::text[]))`,
    [only ?? null, [...(except ?? [])]],
  );
}
