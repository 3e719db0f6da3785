/**
 * Gives a whole hub another identity key. Nothing but the delivered rows knows the numbers that ids are
 * made of, so the record log and the graph are made anew from them; what people did (warnings and their
 * history, the access log) follows from the old id to the new one. `beginRekey` and `endRekey` are one
 * transaction of the owner each; between them the hub belongs to neither key and nobody starts on it. A
 * run that was killed goes on where it stood.
 */
import { FACT_TABLES } from '../../schema/fact-tables.ts';
import { HubError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { fingerprintOf } from '../platform/identity-fingerprint.ts';
import { DERIVED_TABLES } from './link/rebuild.ts';
import { warningId } from './warn/put-into-words.ts';

const LOG = ['record', 'record_page', 'batch_page', 'quarantine'];

/** Where a record stood under the old key; a new one of that place is the same record. */
const PLACED = `select b.batch_id, b.first_ordinal, r.slot, r.kind, r.person_id
  from hub.record r join hub.batch_page b using (page_id)`;

const underWay = (to: Secret) => `rekeying ${fingerprintOf(to)}`;

const unfit = (reason: string) => new HubError('config.invalid', { reason: `rekey: ${reason}` });

/** Refuses where rows are gone that ids would have to be made from, or somebody is at work. */
async function refuseUnfit(tx: Transaction): Promise<void> {
  const [others] = await tx<{ names: string }[]>`
    select string_agg(distinct application_name, ', ') as names from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and application_name like 'hub-%' and application_name <> 'hub-rekey'`;
  if (others?.names) throw unfit(`仍有进程 processes at work: ${others.names}`);
  const [gone] = await tx<{ batches: number }[]>`
    select count(*)::int as batches from hub.batch b where b.state <> 'refused' and b.rows_landed >
      (select coalesce(sum(p.row_count), 0) from hub.landed_page p where p.batch_id = b.batch_id)`;
  if (gone?.batches)
    throw unfit(`原始行已过保留期 deliveries whose rows are past their time: ${gone.batches}`);
}

/** Remembers whose every record was, and empties what ids stand in. */
export async function beginRekey(owner: Sql, from: Secret, to: Secret): Promise<void> {
  await owner.begin(async (tx) => {
    const [known] = await tx<{ fingerprint: string }[]>`
      select identity_fingerprint as fingerprint from hub.installation for update`;
    if (known?.fingerprint === underWay(to)) return;
    if (known?.fingerprint !== fingerprintOf(from)) throw new HubError('keys.identity-wrong');
    await refuseUnfit(tx);
    await tx.unsafe(`create table staging.rekey as ${PLACED}`);
    const emptied = [...LOG, ...FACT_TABLES.keys(), ...DERIVED_TABLES];
    await tx.unsafe(`truncate ${emptied.map((name) => `hub.${name}`).join(', ')}`);
    await tx`update hub.batch set state = 'landed', rows_recorded = 0, rows_quarantined = 0,
      rows_superseded = 0, linked_at = null where state <> 'refused'`;
    await tx`update hub.installation set identity_fingerprint = ${underWay(to)}`;
  });
}

/** What people did follows its persons; the hub belongs to the new key from here on. Gives their number. */
export async function endRekey(owner: Sql, to: Secret): Promise<number> {
  return owner.begin(async (tx) => {
    await tx.unsafe(`create temp table renamed on commit drop as
      select distinct o.person_id as old, n.person_id as new from staging.rekey o
      join (${PLACED}) n using (batch_id, first_ordinal, slot, kind)
      where o.person_id <> n.person_id`);
    await tx`create unique index on renamed (old)`;
    await moveWarnings(tx, to);
    for (const table of ['finding', 'rule_gap']) {
      await tx.unsafe(
        `update hub.${table} t set person_id = r.new from renamed r where t.person_id = r.old`,
      );
    }
    await tx.unsafe(`
      update hub.access_log t set
        persons = array(select coalesce(r.new, p.id) from unnest(t.persons) with ordinality p (id, n)
          left join renamed r on r.old = p.id order by p.n),
        asked_for = coalesce((select r.new from renamed r where r.old = t.asked_for), t.asked_for)
      where t.asked_for in (select old from renamed)
        or exists (select 1 from unnest(t.persons) p (id) join renamed r on r.old = p.id)`);
    // What a night compares is made of ids: the next one looks at everybody and finds what stands.
    await tx`update hub.finding f set evidence = (select coalesce(jsonb_agg(case
        when r.new is null then e else jsonb_set(e, '{subjectId}', to_jsonb(r.new::text)) end order by n), '[]')
      from jsonb_array_elements(f.evidence) with ordinality x(e, n)
      left join renamed r on r.old::text = e->>'subjectId')`;
    await tx`drop table staging.rekey`;
    await tx`update hub.installation set identity_fingerprint = ${fingerprintOf(to)}`;
    const [row] = await tx<{ persons: number }[]>`select count(*)::int as persons from renamed`;
    return row?.persons ?? 0;
  });
}

type Moved = { ruleId: string; personId: string; unitCode: string; period: string; old: string };

/** A warning's id is made of its person's; its rows hang on both. */
async function moveWarnings(tx: Transaction, to: Secret): Promise<void> {
  const warnings = await tx<Moved[]>`
    select w.rule_id as "ruleId", coalesce(r.new, w.person_id) as "personId", w.unit_code as "unitCode",
      w.period, w.warning_id as old
    from hub.warning w left join renamed r on r.old = w.person_id`;
  await tx`create temp table moved on commit drop as
    select w.warning_id as old_id, w.person_id as old_person, m.id as new_id, m.person as new_person
    from unnest(${warnings.map(({ old }) => old)}::uuid[],
      ${warnings.map((it) => warningId(to, it))}::uuid[],
      ${warnings.map(({ personId }) => personId)}::uuid[]) m(old, id, person)
    join hub.warning w on w.warning_id = m.old`;
  const columns = await tx<{ name: string }[]>`
    select quote_ident(attname) as name from pg_attribute
    where attrelid = 'hub.warning'::regclass and attnum > 0 and not attisdropped
      and attname not in ('warning_id', 'person_id')`;
  const rest = columns.map(({ name }) => name).join(', ');
  await tx.unsafe(`insert into hub.warning (warning_id, person_id, ${rest})
    select m.new_id, m.new_person, ${rest} from moved m
    join hub.warning w on w.warning_id = m.old_id and w.person_id = m.old_person`);
  for (const table of ['warning_event', 'warning_evidence']) {
    await tx.unsafe(`update hub.${table} t set person_id = m.new_person, warning_id = m.new_id
      from moved m where t.warning_id = m.old_id and t.person_id = m.old_person`);
  }
  await tx`delete from hub.warning w using moved m
    where w.warning_id = m.old_id and w.person_id = m.old_person`;
  await tx`update hub.warning_evidence e set subject_id = r.new::text
    from renamed r where r.old::text = e.subject_id`;
}
