/**
 * Which keys a batch may have changed. Cost follows what changed: a statement that only repeats what
 * the newest fact says is not touched; a late batch touches every key it names.
 */

import type { FactTable } from '../../../schema/fact-tables.ts';
import type { Transaction } from '../../platform/database.ts';

type TouchedBatch = {
  batchId: number;
  mode: 'full' | 'delta';
  isNewest: boolean;
  /** The batch before, when what it says counts until this one says otherwise; see `precedingBatch`. */
  preceding: { batchId: number; mode: 'full' | 'delta'; kinds: readonly string[] } | undefined;
};

/** Pages of one batch that another does not have. */
const pagesWithout = (batch: string, other: string) =>
  `r.batch_id = ${batch} and r.page_id not in (select page_id from hub.batch_page where batch_id = ${other})`;

/** Keys the batch states, and in full mode the keys alive at its date that it no longer has. */
export async function touchBatch(
  tx: Transaction,
  table: FactTable,
  { batchId, mode, isNewest, preceding }: TouchedBatch,
): Promise<void> {
  const { kind, subjectColumn } = table;
  const repeats = `and not exists (select 1 from hub.${kind} f where f.id = r.record_key
    and f.${subjectColumn} = r.person_id and f.known_to = 'infinity' and f.digest = r.digest)`;
  // A page the batch before had too repeats what counts since then.
  const stated = preceding ? pagesWithout('$1', String(preceding.batchId)) : 'r.batch_id = $1';
  await tx.unsafe(
    `insert into touched select distinct r.kind, r.record_key from hub.stated r
     where ${stated} and r.kind = $2 ${isNewest ? repeats : ''}`,
    [batchId, kind],
  );
  await touchLeftOut(tx, { kind, batchId, stated });
  if (mode === 'delta') return;
  const isGone = (key: string) => `not exists (select 1 from hub.stated n
    where n.batch_id = $1 and n.record_key = ${key})`;
  const alive =
    preceding?.mode === 'full' && preceding.kinds.includes(kind)
      ? `select distinct r.kind, r.record_key from hub.stated r
         where ${pagesWithout(String(preceding.batchId), '$1')} and r.kind = $2 and ${isGone('r.record_key')}
         union select u.kind, u.record_key from hub.unread_record u
         join hub.batch_page p on p.page_id = u.page_id and p.batch_id = ${preceding.batchId}
         where u.kind = $2 and ${isGone('u.record_key')}`
      : `select distinct $2::text, f.id from hub.${kind} f, placed b
         where b.batch_id = $1 and f.feed_id = b.feed_id and f.known_from <= b.as_of
           and f.known_to > b.as_of and ${isGone('f.id')}`;
  await tx.unsafe(`insert into touched ${alive}`, [batchId, kind]);
}

/** What other pages state under the records that this batch states whole: some of it may be left out now. */
async function touchLeftOut(
  tx: Transaction,
  { kind, batchId, stated }: { kind: string; batchId: number; stated: string },
): Promise<void> {
  const nested = await tx`select 1 from hub.batch_page p join hub.record_page g using (page_id)
    where p.batch_id = ${batchId} and g.restates is not null and g.restates <> ${kind} limit 1`;
  if (nested.length === 0) return;
  await tx.unsafe(
    `insert into touched select distinct c.kind, c.record_key
     from hub.stated r join hub.record_page g on g.page_id = r.page_id and g.restates = r.kind
     join hub.record o on o.record_key = r.record_key
     join hub.record c on c.page_id = o.page_id and c."row" = o."row" and c.kind = $2
     where ${stated} and o.page_id not in (select page_id from hub.batch_page where batch_id = $1)`,
    [batchId, kind],
  );
}

/** Keys of other batches whose person changed when this batch was resolved, of some kinds. */
export async function touchMoved(
  tx: Transaction,
  batchId: number,
  kinds: readonly string[],
): Promise<void> {
  await tx`insert into touched select distinct kind, record_key from hub.moved_record
    where batch_id = ${batchId} and kind = any(${[...kinds]}::text[])`;
}

/** Every key of some kinds that linked batches, and the one being linked, state about these persons. */
export async function touchPersons(
  tx: Transaction,
  persons: string,
  { kinds, except = -1 }: { kinds: readonly string[]; except?: number },
): Promise<void> {
  await tx.unsafe(
    `insert into touched select distinct r.kind, r.record_key from hub.stated r
     where r.person_id in (${persons}) and r.batch_id in (select batch_id from placed)
       and r.kind = any($1::text[]) and r.batch_id <> $2`,
    [[...kinds], except],
  );
}
