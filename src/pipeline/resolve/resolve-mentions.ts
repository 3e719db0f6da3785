/**
 * Tier T3: a row that names its person by a document belongs to the document's holder, if the name
 * agrees. Judged anew whenever a document becomes known or its holder is corrected, so the order in
 * which documents and crossings arrive does not matter. A row without a holder waits in quarantine.
 */
import { recordSheets } from '../../../connectors/kit/index.ts';
import type { RejectionReason } from '../../../connectors/kit/record.ts';
import { failpoint } from '../../base/failpoint.ts';
import { NO_PERSON } from '../../base/person-key.ts';
import type { Transaction } from '../../platform/database.ts';
import { withCitedRows } from '../land/cite-rows.ts';
import { quarantineMessage } from '../normalise/messages.ts';
import type { StageContext } from '../stage.ts';

/** The holder of a document is whom its newest statement names, in the order of batches. */
const LEARN = `
  create temp table holder on commit drop as
  select distinct on (r.mention_key) r.mention_key, r.person_id, coalesce(r.mention_name, '') as name_folded,
    r.batch_id
  from mention m join hub.stated r on r.mention_key = m.mention_key
  join hub.batch b on b.batch_id = r.batch_id
  where r.kind = 'travel_document' and r.person_id <> '${NO_PERSON}'
    and (b.state in ('resolved', 'linked') or b.batch_id = $1)
  order by r.mention_key, b.as_of desc, b.sequence desc, b.feed_id, b.batch_id desc, r.ordinal desc, r.slot desc`;

const FORGET = `
  delete from hub.identifier i using holder h
  where i.mention_key = h.mention_key and i.person_id <> h.person_id`;

const REMEMBER = `
  insert into hub.identifier as i (mention_key, person_id, name_folded, batch_id)
  select mention_key, person_id, name_folded, batch_id from holder
  on conflict (mention_key, person_id) do update
    set name_folded = excluded.name_folded, batch_id = excluded.batch_id
    where (i.name_folded, i.batch_id) is distinct from (excluded.name_folded, excluded.batch_id)`;

const JUDGE = `
  create temp table judged on commit drop as
  select r.record_key, r.person_id, r.batch_id, r.ordinal, r.page_id, r.slot, r.kind,
    case when i.name_folded = r.mention_name then i.person_id else '${NO_PERSON}' end as new_person,
    case when i.mention_key is null then 'person.unknown'
      when i.name_folded is distinct from r.mention_name then 'person.name-differs' end as reason
  from mention m join hub.stated r on r.mention_key = m.mention_key
  left join hub.identifier i on i.mention_key = r.mention_key
  where r.kind <> 'travel_document';
  analyze pg_temp.judged`;

const REMEMBER_MOVED = `
  insert into hub.moved_record (batch_id, kind, record_key, person_id)
  select distinct $1::bigint, kind, record_key, person_id from judged
  where person_id <> new_person and batch_id <> $1 on conflict do nothing`;

/** Delete and insert, not update: the person may be what the table is distributed by. */
const MOVE = `
  with moved as (
    select distinct record_key, page_id, slot, person_id, new_person from judged
    where person_id <> new_person
  ), gone as (
    delete from hub.record r using moved j
    where r.record_key = j.record_key and r.person_id = j.person_id and r.page_id = j.page_id
      and r.slot = j.slot
    returning r.record_key, j.new_person, r.digest, r.page_id, r.slot, r."row", r.kind, r.mention_key,
      r.mention_name
  )
  insert into hub.record (record_key, person_id, digest, page_id, slot, "row", kind, mention_key,
    mention_name)
  select * from gone`;

const RELEASE = `
  delete from hub.quarantine q using (select distinct batch_id, ordinal from judged) j
  where q.batch_id = j.batch_id and q.ordinal = j.ordinal
    and q.reason in ('person.unknown', 'person.name-differs')
    and not exists (select 1 from judged o where o.batch_id = j.batch_id and o.ordinal = j.ordinal
      and o.reason = q.reason)`;

const UNHELD = `select j.batch_id, j.ordinal from judged j where j.reason is not null
  and not exists (select 1 from hub.quarantine q where q.batch_id = j.batch_id and q.ordinal = j.ordinal)`;

const HOLD = `
  insert into hub.quarantine (batch_id, ordinal, feed_id, reason, "column", message_zh, message_en,
    sheet, cells, created_at)
  select distinct on (j.batch_id, j.ordinal) j.batch_id, j.ordinal, b.feed_id, j.reason, s."column",
    s.zh, s.en, g.sheet, l.cells, $2
  from judged j
  join hub.record_page g on g.page_id = j.page_id
  join hub.batch b on b.batch_id = j.batch_id
  left join cited l on l.batch_id = j.batch_id and l.ordinal = j.ordinal
  join jsonb_to_recordset($1) as s (feed text, sheet text, reason text, "column" text, zh text, en text)
    on s.feed = b.feed_id and s.sheet = g.sheet and s.reason = j.reason
  where j.reason is not null
  order by j.batch_id, j.ordinal, j.reason
  on conflict (batch_id, ordinal) do nothing`;

const RECOUNT = `
  update hub.batch b set rows_quarantined = n.held, rows_recorded = b.rows_landed - b.rows_superseded - n.held
  from (select t.batch_id, (select count(*) from hub.quarantine q where q.batch_id = t.batch_id) as held
    from (select distinct batch_id from judged) t) n
  where b.batch_id = n.batch_id and b.rows_quarantined <> n.held`;

type Sentences = { feed: string; sheet: string; reason: RejectionReason; column: string | null };

function sentences({ connectors }: Pick<StageContext, 'connectors'>) {
  const of = (sentence: Sentences) => ({ ...sentence, ...quarantineMessage(sentence) });
  return [...connectors.values()].flatMap(({ id, manifest }) =>
    Object.entries(manifest.sheets).flatMap(([sheet, settings]) => {
      // Where a row speaks of several people, the clerk is shown the columns of the first.
      const { columns, person, personName } = recordSheets(settings)[0] ?? settings;
      const named = (field: string | undefined) =>
        Object.entries(columns).find(([, column]) => column.field === field)?.[0] ?? null;
      return [
        of({ feed: id, sheet, reason: 'person.unknown', column: named(person) }),
        of({ feed: id, sheet, reason: 'person.name-differs', column: named(personName) }),
      ];
    }),
  );
}

/**
 * Judges every record that names one of the documents in the temporary table `mention`. `batchId` is
 * the batch being resolved, whose documents count already; null when all batches are resolved.
 */
export async function resolveMentions(
  tx: Transaction,
  ctx: Pick<StageContext, 'connectors' | 'clock'>,
  batchId: number | null,
): Promise<void> {
  const batch = batchId ?? -1;
  await tx.unsafe('analyze pg_temp.mention');
  await tx.unsafe(LEARN, [batch]);
  await tx.unsafe(FORGET);
  await tx.unsafe(REMEMBER);
  await tx.unsafe(JUDGE);
  await tx.unsafe(REMEMBER_MOVED, [batch]);
  await tx.unsafe(MOVE);
  failpoint('resolve.after-move');
  await tx.unsafe(RELEASE);
  await withCitedRows(tx, UNHELD, () =>
    tx.unsafe(HOLD, [tx.json(sentences(ctx)) as never, ctx.clock.now()]),
  );
  await tx.unsafe(RECOUNT);
  await tx.unsafe('drop table pg_temp.holder, pg_temp.judged');
  failpoint('resolve.after-quarantine');
}
