/**
 * Turns the night's differences into warnings. A warning is one question per rule, subject and period
 * and keeps its identity for ever: evidence may change, lapse and come back, and each time an event
 * says so; what people decided about it (state, assignee, conclusion) is never touched here.
 *
 * Reads the temporary table `difference` and runs inside the transaction that writes the findings.
 */

import { lastSeenOn } from '../../../schema/warning/last-seen.ts';
import { NO_PERSON } from '../../base/person-key.ts';
import type { Transaction } from '../../platform/database.ts';
import { withCitedRows } from '../land/cite-rows.ts';
import { putIntoWords, type Warned } from './put-into-words.ts';

const SAME_WARNING = (row: string) =>
  `${row}.person_id = s.person_id and ${row}.warning_id = s.warning_id`;

/** What happens to each warning: raised, changed, seen-again, lapsed, or restated without an event. */
async function decide(tx: Transaction) {
  await tx.unsafe(`
    create temp table step on commit drop as
    select t.warning_id, t.question_zh, t.question_en, d.*,
      case when d.kind = 'restated' then 'restated'
        when d.kind = 'gone' then case when w.lapsed_on is null then 'lapsed' end
        when w.warning_id is null then 'raised'
        when w.lapsed_on is not null then 'seen-again'
        else 'evidence-changed' end as event,
      w.severity as old_severity, w.facts as old_facts
    from worded t join difference d using (row_no)
    left join hub.warning w on w.person_id = d.person_id and w.warning_id = t.warning_id
    where w.warning_id is not null or d.kind not in ('gone', 'restated')`);
  await tx.unsafe('create index on pg_temp.step (person_id, warning_id)');
  await tx.unsafe('analyze step');
}

async function writeWarnings(tx: Transaction, { asOf, rules }: Warned) {
  const day = `date '${asOf}'`;
  // One night is computed with one kit.
  const kitVersion = rules[0]?.kitVersion ?? 0;
  await tx.unsafe(`
    insert into hub.warning (warning_id, person_id, unit_code, rule_id, rule_version, kit_version, period, severity, state,
      question_zh, question_en, facts, first_seen_on, last_seen_on, managed_by)
    select warning_id, person_id, unit_code, rule_id, rule_version, ${kitVersion}, period, severity, 'new',
      question_zh, question_en, facts, ${day}, ${day}, managed_by
    from step where event = 'raised'`);
  await tx.unsafe(`
    update hub.warning w set severity = s.severity, facts = s.facts, kit_version = ${kitVersion}, question_zh = s.question_zh,
      question_en = s.question_en, last_seen_on = ${day}, lapsed_on = null
    from step s where ${SAME_WARNING('w')} and s.event in ('evidence-changed', 'seen-again')`);
  await tx.unsafe(`
    update hub.warning w set lapsed_on = ${day}, last_seen_on = ${lastSeenOn('w')}
    from step s where ${SAME_WARNING('w')} and s.event = 'lapsed'`);
  await tx.unsafe(`
    update hub.warning w set rule_version = s.rule_version, managed_by = s.managed_by,
      kit_version = case when w.rule_version <> s.rule_version then ${kitVersion} else w.kit_version end
    from step s where ${SAME_WARNING('w')} and s.event <> 'raised' and s.kind <> 'gone'
      and (w.rule_version <> s.rule_version or w.managed_by <> s.managed_by)`);
}

/**
 * Who sees an item. What a register holds of a relative is seen through kinship, by whoever may read
 * families; `authorities` are those of the warning.
 */
const sightOf = (row: string, kind: string, subject: string, authorities: string) => {
  const isRelative = `${row}.person_id <> '${NO_PERSON}' and ${kind} = 'person' and ${subject} <> ${row}.person_id::text`;
  return {
    own: `case when ${isRelative} then '{}' else ${authorities} end`,
    kin: `case when ${isRelative} then ${authorities} end`,
  };
};

async function writeEvidence(tx: Transaction) {
  const sight = sightOf('i', `i.item->>'subjectKind'`, `i.item->>'subjectId'`, 'i.managed_by');
  await tx.unsafe(`
    delete from hub.warning_evidence e using step s
    where ${SAME_WARNING('e')} and s.event in ('evidence-changed', 'seen-again')`);
  await tx.unsafe(`
    create temp table item on commit drop as
    select s.person_id, s.warning_id, s.managed_by, e.position, e.item,
      (e.item->>'batchId')::bigint as batch_id, (e.item->>'ordinal')::int as ordinal
    from step s cross join lateral jsonb_array_elements(s.evidence) with ordinality e(item, position)
    where s.event in ('raised', 'evidence-changed', 'seen-again')`);
  await withCitedRows(tx, 'select batch_id, ordinal from item', () =>
    tx.unsafe(`
    insert into hub.warning_evidence (person_id, warning_id, position, subject_kind, subject_id, label_zh, label_en,
      value_zh, value_en, feed_id, batch_id, ordinal, sheet, cells, as_of, managed_by, kin_managed_by)
    select i.person_id, i.warning_id, i.position, i.item->>'subjectKind', i.item->>'subjectId',
      i.item->>'labelZh', i.item->>'labelEn', i.item->>'valueZh', i.item->>'valueEn', i.item->>'feedId',
      i.batch_id, i.ordinal, c.sheet, c.cells, (i.item->>'asOf')::date, ${sight.own}, ${sight.kin}
    from item i left join cited c using (batch_id, ordinal)`),
  );
}

/** Rows about a warning follow it to a new managing authority. */
async function followAuthority(tx: Transaction) {
  const follows = `from step s where ${SAME_WARNING('x')} and s.kind <> 'gone'`;
  await tx.unsafe(`
    update hub.warning_event x set managed_by = s.managed_by
    ${follows} and x.managed_by <> s.managed_by`);
  const { own, kin } = sightOf('x', 'x.subject_kind', 'x.subject_id', 's.managed_by');
  await tx.unsafe(`
    update hub.warning_evidence x set managed_by = ${own}, kin_managed_by = ${kin}
    ${follows} and (x.managed_by, x.kin_managed_by) is distinct from (${own}, ${kin})`);
}

/** After the warning rows are locked by their updates, so that nobody else takes the same number. */
async function writeEvents(tx: Transaction, { now, nightId, asOf }: Warned) {
  await tx`
    insert into hub.warning_event (person_id, warning_id, event_no, at, kind, detail, managed_by)
    select s.person_id, s.warning_id, coalesce(n.newest, 0) + 1, ${now}, s.event,
      jsonb_strip_nulls(jsonb_build_object('nightId', ${nightId}::text, 'asOf', ${asOf}::text,
        'severity', s.old_severity, 'facts', s.old_facts)), s.managed_by
    from step s
    left join (
      select e.person_id, e.warning_id, max(e.event_no) as newest
      from step s join hub.warning_event e on e.person_id = s.person_id and e.warning_id = s.warning_id
      group by 1, 2) n using (person_id, warning_id)
    where s.event in ('raised', 'evidence-changed', 'lapsed', 'seen-again')`;
}

/** Brings warnings in line with the night's findings. */
export async function warn(tx: Transaction, warned: Warned) {
  await putIntoWords(tx, warned);
  await decide(tx);
  await writeWarnings(tx, warned);
  await writeEvidence(tx);
  await followAuthority(tx);
  await writeEvents(tx, warned);
  const rows = await tx<{ event: string; n: number }[]>`
    select event, count(*)::int as n from step where event is not null group by event`;
  const of = (event: string) => rows.find((row) => row.event === event)?.n ?? 0;
  return {
    raised: of('raised'),
    changed: of('evidence-changed'),
    lapsed: of('lapsed'),
    seenAgain: of('seen-again'),
  };
}
