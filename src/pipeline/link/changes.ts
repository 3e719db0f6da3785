/**
 * Tells the nights what changed. Batches are linked side by side, so the numbers must not follow the
 * order in which links begin: a number is taken under a lock held until the commit, so numbers become
 * visible in their order and a night that saw one has seen all before it.
 */

import { edgesOf, FACT_TABLES, PERSON } from '../../../schema/fact-tables.ts';
import type { Transaction } from '../../platform/database.ts';
import { takeLock } from './locks.ts';

/** Takes the next number of change; nobody else takes one before this transaction ends. */
export async function takeChangeNumber(tx: Transaction): Promise<number> {
  await takeLock(tx, 'change');
  const [row] = await tx<{ no: string }[]>`
    select nextval(pg_get_serial_sequence('hub.changed_subject', 'change_no')) as no`;
  return Number(row?.no);
}

/** Notes the subjects in `changed`; call last before the commit, for others wait. */
export async function noteChanges(tx: Transaction, batchId: number): Promise<void> {
  const [any] = await tx`select 1 from changed limit 1`;
  if (!any) return;
  await tx`create temp table change_note on commit drop as
    select distinct subject, subject_id from changed`;
  const no = await takeChangeNumber(tx);
  await tx`insert into hub.changed_subject (change_no, subject, subject_id, batch_id)
    select ${no}, subject, subject_id, ${batchId} from change_note order by subject_id`;
}

/** Newest number of change in the transaction's snapshot; every smaller one is in it too. */
export async function newestChange(tx: Transaction): Promise<number> {
  const [row] = await tx<{ no: number }[]>`
    select coalesce(max(change_no), 0)::float8 as no from hub.changed_subject`;
  return row?.no ?? 0;
}

type Seen = { asOf: string; lastChangeNo: number };

/**
 * A SELECT of person_id: persons whose facts changed since a night looked, and persons tied to a
 * subject that changed. Facts delivered ahead of that night's date become visible by the passing of
 * days, so what batches dated after it changed counts again.
 */
export async function personsChangedSince({ asOf, lastChangeNo }: Seen): Promise<string> {
  const changed = `(select subject, subject_id from hub.changed_subject
    where change_no > ${lastChangeNo}
      or batch_id in (select batch_id from hub.batch where as_of > date '${asOf}'))`;
  const edges = edgesOf(FACT_TABLES.values());
  return [
    `select c.subject_id as person_id from ${changed} c where c.subject = '${PERSON}'`,
    ...edges.map(
      ({ kind, subject, column }) => `select e.person_id from ${changed} c
        join hub.${kind} e on e.${column} = c.subject_id where c.subject = '${subject}'`,
    ),
  ].join('\nunion ');
}

/** Forgets what every later night has no need of; what lies ahead of the date stays for its day. */
export async function forgetChanges(tx: Transaction, { asOf, lastChangeNo }: Seen): Promise<void> {
  await tx`
    delete from hub.changed_subject c where c.change_no <= ${lastChangeNo}
      and exists (select 1 from hub.batch b where b.batch_id = c.batch_id and b.as_of <= ${asOf})`;
}
