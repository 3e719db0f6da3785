/** After the records are loaded: superseded ones are marked, bad rows go to quarantine, rows are counted. */
import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import { COPY_NULL, copyIn, copyText } from '../copy.ts';
import { withCitedRows } from '../land/cite-rows.ts';
import type { Batch } from '../stage.ts';
import { supersede } from './doubles.ts';
import { quarantineMessage } from './messages.ts';
import type { Outcome } from './outcome.ts';

/** Share of the keys of the feed's previous full batch that are still there; 1 when there is none. */
export async function keptShare(tx: Transaction, batchId: number): Promise<number> {
  const [row] = await tx<{ share: number | null }[]>`
    with previous as (
      select p.batch_id from hub.batch b join hub.batch p on p.feed_id = b.feed_id
        and p.mode = 'full' and p.state in ('normalised', 'resolved', 'linked')
        and p.header ?| array(select jsonb_object_keys(b.header))
        and (p.as_of, p.sequence, p.batch_id) < (b.as_of, b.sequence, b.batch_id)
      where b.batch_id = ${batchId}
      order by p.as_of desc, p.sequence desc, p.batch_id desc limit 1
    ), elsewhere as (
      select p.page_id from previous v join hub.batch_page p using (batch_id)
      join hub.record_page g using (page_id) join hub.batch b on b.batch_id = ${batchId}
      where not b.header ? g.sheet
    )
    select 1 - (
        select count(*) from hub.stated r where r.batch_id = (select batch_id from previous)
          and r.page_id not in (select page_id from elsewhere)
          and r.page_id not in (select page_id from hub.batch_page where batch_id = ${batchId})
          and not exists (select 1 from hub.stated n
            where n.batch_id = ${batchId} and n.record_key = r.record_key)
          and not exists (select 1 from hub.unread_record u join hub.batch_page p using (page_id)
            where u.record_key = r.record_key and p.batch_id = ${batchId})
      )::float8 / nullif((
        select count(*) from hub.stated r where r.batch_id = (select batch_id from previous)
          and r.page_id not in (select page_id from elsewhere)), 0)
      as share`;
  return row?.share ?? 1;
}

async function* quarantineLines(rows: Outcome['rejected']): AsyncIterable<string> {
  for (const { ordinal, reason, column } of rows) {
    const { zh, en } = quarantineMessage({ reason, column });
    const name = column === null ? COPY_NULL : copyText(column);
    yield `${ordinal}\t${reason}\t${name}\t${copyText(zh)}\t${copyText(en)}\n`;
  }
}

async function holdRejected(
  tx: Transaction,
  { batchId, feedId }: Batch,
  outcome: Outcome,
  now: Date,
) {
  const staging = `staging.quarantine_${batchId}`;
  await tx.unsafe(`create unlogged table ${staging} (
    ordinal integer, reason text, column_name text, message_zh text, message_en text)`);
  await copyIn(tx, staging, quarantineLines(outcome.rejected));
  const rows = `select ${batchId}::bigint as batch_id, ordinal from ${staging}`;
  await withCitedRows(tx, rows, () =>
    tx.unsafe(
      `insert into hub.quarantine (batch_id, ordinal, feed_id, reason, "column", message_zh, message_en,
         sheet, cells, created_at)
       select $1, s.ordinal, $2, s.reason, s.column_name, s.message_zh, s.message_en, c.sheet, c.cells, $3
       from ${staging} s left join cited c on c.batch_id = $1 and c.ordinal = s.ordinal`,
      [batchId, feedId, now],
    ),
  );
  await tx.unsafe(`drop table ${staging}`);
}

/** Every landed row ends as recorded, quarantined or superseded; the three add up to the rows landed. */
async function countRows(
  tx: Transaction,
  { batchId }: Batch,
  { rejected, kinds, rows, hasMentions }: Outcome,
  recorded: number,
) {
  await tx`
    update hub.batch b set state = 'normalised', has_mentions = ${hasMentions},
      rows_recorded = ${recorded},
      rows_quarantined = ${rejected.length}, rows_superseded = ${rows - rejected.length - recorded},
      kinds = array(select distinct k from unnest(b.kinds || ${[...kinds]}::text[]) k order by k)
    where b.batch_id = ${batchId}`;
}

export async function settle(tx: Transaction, batch: Batch, outcome: Outcome, now: Date) {
  const rows = outcome.rows - outcome.rejected.length;
  const { mayHaveDoubles } = outcome;
  const recorded = await supersede(tx, batch.batchId, { rows, mayHaveDoubles });
  failpoint('normalise.after-doubles');
  if (outcome.rejected.length > 0) await holdRejected(tx, batch, outcome, now);
  failpoint('normalise.after-quarantine');
  await countRows(tx, batch, outcome, recorded);
}
