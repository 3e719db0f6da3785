/**
 * How long a duty has been held. Posts of one person in one unit with one duty code are one duty,
 * whatever their titles; spells that follow each other within `joinDays` are one stretch. Only
 * stretches still running on the night's date are given.
 */
import type { Snapshot } from './define-rule.ts';

/** `tenure(person_id, unit_code, duty_code, started_on, …)`, one row per running stretch. */
export const tenure = (s: Snapshot, joinDays: string): string => `
  ${s.shared(
    'stretch',
    `with spell as (
      select p.*, max(coalesce(p.ended_on, 'infinity')) over (
          partition by p.person_id, p.unit_code, p.duty_code order by p.started_on, p.id
          rows between unbounded preceding and 1 preceding) as before_ended_on
      from ${s.scope} sc join ${s.at('post')} p on p.person_id = sc.person_id
      where p.started_on <= ${s.asOf})
    select *, count(*) filter (where before_ended_on is null or started_on > before_ended_on + ${joinDays})
        over (partition by person_id, unit_code, duty_code order by started_on, id) as stretch_no
    from spell`,
  )},
  tenure as (
    select person_id, unit_code, duty_code, stretch_no, min(started_on) as started_on,
      (array_agg(title order by started_on desc, id))[1] as title, count(*) as spells,
      count(distinct title) as titles,
      bool_or(is_leading_member) as is_leading_member, bool_or(is_audit_subject) as is_audit_subject,
      bool_or(coalesce(rotation_exemption, '') <> '') as is_exempt
    from stretch group by person_id, unit_code, duty_code, stretch_no
    having max(coalesce(ended_on, 'infinity')) > ${s.asOf})`;

/** `post_evidence(person_id, unit_code, duty_code, stretch_no, items)` for the stretches of `hits`. */
export const postEvidence = (s: Snapshot, hits: string): string => `
  post_evidence as (
    select k.person_id, k.unit_code, k.duty_code, k.stretch_no, jsonb_agg(${s.evidence('k', {
      label: { zh: '任职记录', en: 'Record of posts' },
      valueZh: `k.title || '，' || to_char(k.started_on, 'YYYY-MM-DD') || ' — ' || coalesce(to_char(k.ended_on, 'YYYY-MM-DD'), '今')`,
      valueEn: `k.title || ', ' || to_char(k.started_on, 'YYYY-MM-DD') || ' — ' || coalesce(to_char(k.ended_on, 'YYYY-MM-DD'), 'now')`,
    })} order by k.started_on, k.id) as items
    from ${hits} join stretch k using (person_id, unit_code, duty_code, stretch_no)
    group by k.person_id, k.unit_code, k.duty_code, k.stretch_no)`;

/** Posts that end between two nights: their holders are looked at again. */
export const postsEnding = (s: Snapshot, from: string, to: string): string => `
  select k.person_id from ${s.everyone('post')} k
  where k.ended_on > ${from} and k.ended_on <= ${to} or k.started_on > ${from} and k.started_on <= ${to}`;
