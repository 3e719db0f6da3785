/** From the staging table into the record log and the quarantine, within the stage's transaction. */
import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Batch } from '../stage.ts';

/** Makes the batch's staging table; unlogged, and gone with the transaction whichever way it ends. */
export async function stage(tx: Transaction, batchId: number): Promise<string> {
  const name = `staging.normalise_${batchId}`;
  await tx.unsafe(`create unlogged table ${name} (
    ordinal integer not null, part smallint not null, record_key uuid, person_id uuid, kind text,
    digest uuid, body jsonb, mention_key uuid, mention_name text,
    reason text, column_name text, message_zh text, message_en text)`);
  return name;
}

/** Share of the keys of the feed's previous full batch that are still there; 1 when there is none. */
export async function lostShare(
  tx: Transaction,
  staging: string,
  batchId: number,
): Promise<number> {
  const [row] = await tx.unsafe<{ share: number | null }[]>(
    `with previous as (
       select p.batch_id from hub.batch b join hub.batch p on p.feed_id = b.feed_id
         and p.mode = 'full' and p.kinds && b.kinds and p.state in ('normalised', 'resolved', 'linked')
         and (p.as_of, p.sequence, p.payload_digest) < (b.as_of, b.sequence, b.payload_digest)
       where b.batch_id = $1 order by p.as_of desc, p.sequence desc, p.payload_digest desc limit 1)
     select avg(case when exists (select 1 from ${staging} s where s.record_key = r.record_key)
       then 1 else 0 end)::float8 as share
     from hub.record r where r.batch_id = (select batch_id from previous)`,
    [batchId],
  );
  return row?.share ?? 1;
}

/** Of rows with the same key the last one counts; the others are kept in landing only. */
const dropSuperseded = (staging: string) => `
  with doubled as (
    select record_key from ${staging} where record_key is not null
    group by record_key having count(*) > 1
  ), ranked as (
    select s.ctid as row, row_number() over (
      partition by s.record_key order by s.ordinal desc, s.part desc) as rank
    from ${staging} s where s.record_key in (select record_key from doubled)
  )
  delete from ${staging} where ctid in (select row from ranked where rank > 1)`;

export type Settlement = { batch: Batch; staging: string; now: Date; hasRejected: boolean };

export async function settle(tx: Transaction, to: Settlement): Promise<void> {
  const { staging, batch, now } = to;
  await tx.unsafe(dropSuperseded(staging));
  await tx.unsafe(
    `insert into hub.record (record_key, person_id, batch_id, ordinal, part, kind, digest, body,
       mention_key, mention_name)
     select record_key, person_id, $1, ordinal, part, kind, digest, body, mention_key, mention_name
     from ${staging} where reason is null order by record_key`,
    [batch.batchId],
  );
  failpoint('normalise.after-records');
  if (to.hasRejected) {
    await tx.unsafe(
      `insert into hub.quarantine (batch_id, ordinal, feed_id, reason, "column", message_zh, message_en, created_at)
       select $1, ordinal, $2, reason, column_name, message_zh, message_en, $3
       from ${staging} where reason is not null`,
      [batch.batchId, batch.feedId, now],
    );
  }
  failpoint('normalise.after-quarantine');
  await countRows(tx, to);
  await tx.unsafe(`drop table ${staging}`);
}

async function countRows(tx: Transaction, { staging, batch }: Settlement) {
  await tx.unsafe(
    `update hub.batch b set state = 'normalised', rows_recorded = n.recorded,
       rows_quarantined = n.quarantined, rows_superseded = b.rows_landed - n.recorded - n.quarantined,
       kinds = array(select distinct k from unnest(b.kinds || n.kinds) k order by k)
     from (
       select count(distinct ordinal) filter (where reason is null) as recorded,
         count(*) filter (where reason is not null) as quarantined,
         coalesce(array_agg(distinct kind) filter (where kind is not null), '{}') as kinds
       from ${staging}) n
     where b.batch_id = $1`,
    [batch.batchId],
  );
}
