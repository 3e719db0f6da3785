/**
 * Which batches may be worked on side by side. Chains of versions belong to one feed, and a feed has
 * one run at a time (its lease), so two batches meet only where one changes what the other relies on:
 *
 * batch       one run at a time, should a run that lost its lease still be alive
 * mentions    one at a time: who learns documents, and judges the rows that name them
 * population  one at a time: who says which persons and units there are
 * graph       shared by all others who add facts about the population as it stands; alone, and only for
 *             that last part of its work: who makes facts of other feeds follow a changed population
 *             or a learned document
 * trips       one at a time: who pairs a person's crossings, which several feeds may deliver
 * change      one at a time: who numbers its changes, see changes.ts
 *
 * Locks are taken in this order and held to the end of the transaction, so none waits in a ring; and
 * whoever waited sees in its next statement what the other committed.
 */
import type { Transaction } from '../../platform/database.ts';

/** Waits until no other run works on the batch. */
export async function lockBatch(tx: Transaction, batchId: number): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtext('hub.link.batch'), ${batchId}::int)`;
}

type Lock = 'mentions' | 'population' | 'graph' | 'trips' | 'change';

/** Waits until nobody else holds the lock, with `shared` until nobody holds it alone. */
export async function takeLock(tx: Transaction, lock: Lock, mode?: 'shared'): Promise<void> {
  const name = `hub.link.${lock}`;
  if (mode === 'shared') await tx`select pg_advisory_xact_lock_shared(hashtext(${name}))`;
  else await tx`select pg_advisory_xact_lock(hashtext(${name}))`;
}
