/**
 * The order in which the kinds of facts are linked. Who is in the population is decided first, since
 * whatever is told about persons counts for the population only; then everything else is linked, side
 * by side with other feeds where the population stays as it is.
 */
import { FACT_TABLES, type FactTable, PERSON } from '../../../schema/fact-tables.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import { MAKES_POPULATION } from './fact-sql.ts';
import { takeLock } from './locks.ts';
import { derivePopulation, type Reach, spreadManagedBy, writePopulation } from './population.ts';
import { relink } from './relink.ts';
import { touchPersons } from './touched.ts';
import { rebuildTrips } from './trips.ts';
import { placeBatches } from './workspace.ts';

/** These decide who is in the population, so they are linked before it is derived, in this order. */
export const POPULATION_KINDS = ['unit', 'official', 'kinship'] as const;
const IS_POPULATION: ReadonlySet<string> = new Set(POPULATION_KINDS);

/** Prepares a kind's own records for relinking, or links them by a shorter way. */
export type LinkKind = (table: FactTable) => Promise<void>;

export type Linking = {
  /** The batch being linked; null when everything is. */
  batchId: number | null;
  /** It speaks about the population; the caller holds that lock. */
  makesPopulation: boolean;
  /** It changes facts of other feeds, whatever it does to the population. */
  isAlone: boolean;
  linkOwn: LinkKind;
  /** Touches keys of other batches that must be linked again, besides those of who comes or leaves. */
  touchOthers(): Promise<void>;
  /** Kinds the batch itself speaks about; others may turn out to be touched. */
  kinds: readonly string[];
  onProgress?(done: number, total: number): void;
};

/** Kinds with work, done and in all. More may turn up on the way; what was shown never shrinks. */
function progressOf({ kinds, onProgress }: Linking) {
  const open = new Set(kinds);
  let done = 0;
  let shown = 0;
  return {
    add: (more: Iterable<string>) => {
      for (const kind of more) open.add(kind);
    },
    step(kind: string) {
      if (!open.delete(kind)) return;
      done += 1;
      // One step more than there are kinds: the commit.
      const share = done / (done + open.size + 1);
      if (share < shown) return;
      shown = share;
      onProgress?.(done, done + open.size + 1);
    },
  };
}

async function touchedKinds(tx: Transaction): Promise<Set<string>> {
  const rows = await tx<{ kind: string }[]>`select distinct kind from touched`;
  return new Set(rows.map(({ kind }) => kind));
}

type LinkSome = (kinds: readonly string[], whose?: 'others') => Promise<void>;

/** Links some kinds: the batch's own records of them, unless told others', and all keys touched. */
function linkingOf(tx: Transaction, linking: Linking): LinkSome {
  const progress = progressOf(linking);
  return async (kinds, whose) => {
    let touched = await touchedKinds(tx);
    progress.add([...touched].filter((kind) => kinds.includes(kind)));
    for (const table of kinds.flatMap((kind) => FACT_TABLES.get(kind) ?? [])) {
      if (whose !== 'others' && linking.kinds.includes(table.kind)) {
        await linking.linkOwn(table);
        touched = await touchedKinds(tx);
      }
      if (touched.has(table.kind)) await relink(tx, table);
      progress.step(table.kind);
    }
  };
}

async function linkPopulation(tx: Transaction, linkSome: LinkSome): Promise<Reach> {
  await linkSome(['unit', 'official']);
  // A declaration may have come before its official did.
  await touchPersons(tx, `select subject_id from changed where kind = 'official'`, {
    kinds: ['kinship'],
  });
  await linkSome(['kinship']);
  return derivePopulation(tx);
}

/**
 * Links every kind in the order their dependence asks for: the population, then what the batch itself
 * says, which touches no other feed; and only then, alone, what follows from both for other feeds.
 */
export async function linkKinds(tx: Transaction, linking: Linking): Promise<void> {
  const { batchId, makesPopulation } = linking;
  const linkSome = linkingOf(tx, linking);
  // Whoever holds the lock of the population needs no other to rely on it.
  if (!makesPopulation) await takeLock(tx, 'graph', linking.isAlone ? undefined : 'shared');
  const reach = makesPopulation ? await linkPopulation(tx, linkSome) : 'none';
  if (reach !== 'none') await writePopulation(tx);
  const others = [...FACT_TABLES.keys()].filter((kind) => !IS_POPULATION.has(kind));
  await linkSome(others.filter((kind) => linking.kinds.includes(kind)));
  if (linking.isAlone || reach === 'facts') {
    await takeLock(tx, 'graph');
    // Whoever waited to be alone must see what others linked meanwhile.
    await placeBatches(tx, batchId);
    await tx`truncate touched`;
    await linking.touchOthers();
    if (reach === 'facts') await touchEntrants(tx, others, batchId);
    await linkSome(others, 'others');
  }
  if (reach !== 'none') await spreadManagedBy(tx, followers(reach));
  await rebuildTrips(tx, `select subject_id as person_id from changed where kind = 'crossing'`);
  failpoint('link.after-trips');
}

/**
 * What other batches say about who comes or leaves. The batch's own records are linked already: what it
 * says first went by the new population, and what it repeats stands in another batch too.
 */
const touchEntrants = (tx: Transaction, kinds: readonly string[], batchId: number | null) =>
  touchPersons(tx, 'select person_id from entrant', {
    kinds,
    ...(batchId === null ? {} : { except: batchId }),
  });

/** Tables whose `managed_by` must follow: those that make the population always do. */
function followers(reach: Reach): string[] {
  const kinds = [...FACT_TABLES.values()]
    .filter(({ subject }) => subject === PERSON)
    .map(({ kind }) => kind);
  return reach === 'facts'
    ? [...kinds, 'trip']
    : kinds.filter((kind) => MAKES_POPULATION.has(kind));
}
