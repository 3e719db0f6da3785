/**
 * The report year of each official in scope: the newest annual declaration that is signed, as known
 * on the night's date. Declarations state the position on 31 December of that year.
 */
import type { Snapshot } from './define-rule.ts';

/** `report(person_id, year, first_day, last_day, signed_on, feed_id, batch_id, ordinal, known_from)`. */
export const reportYear = (s: Snapshot): string =>
  s.shared(
    'report',
    `select distinct on (d.person_id) d.person_id, d.year, make_date(d.year, 1, 1) as first_day,
      make_date(d.year, 12, 31) as last_day, d.signed_on,
      d.feed_id, d.batch_id, d.ordinal, d.known_from
    from ${s.scope} sc join ${s.at('declaration')} d on d.person_id = sc.person_id
    where d.kind = 'annual' and d.signed_on is not null
    order by d.person_id, d.year desc, d.id`,
  );

/** Officials without a signed annual declaration: nothing to compare with, which is not "clean". */
export const withoutReport = (s: Snapshot): string => `
  select sc.person_id, 'report' as period,
    '没有已签字的年度报告，无法比对' as reason_zh,
    'No signed annual declaration is known, so there is nothing to compare with' as reason_en
  from ${s.scope} sc
  where not exists (select 1 from ${s.at('declaration')} d
    where d.person_id = sc.person_id and d.kind = 'annual' and d.signed_on is not null)`;

/** The declaration itself as an evidence item of alias `r`. */
export const reportEvidence = (s: Snapshot): string =>
  s.evidence('r', {
    label: { zh: '年度报告', en: 'Annual declaration' },
    valueZh: `r.year || '年度，' || to_char(r.signed_on, 'YYYY-MM-DD') || '签字'`,
    valueEn: `r.year || ', signed ' || to_char(r.signed_on, 'YYYY-MM-DD')`,
    isContext: true,
  });
