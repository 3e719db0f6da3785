/**
 * What each rule says of one official as of the last finished night: it fired, it looked and stayed
 * silent, or it could not look. What could not be looked at is never shown as clean.
 */
import { column, expression, few, listField, one, type RowRef } from '../fields.ts';
import { closedList } from '../inputs.ts';
import { Cadre } from '../person/person.type.ts';
import { addFields, rowType } from '../row-types.ts';
import { sourceOf } from '../sources.ts';
import { Rule, rules } from './rule.type.ts';
import { ruleGap } from './warning.table.ts';

const CheckOutcome = closedList('CheckOutcome', ['检查结果', 'What a rule said'], {
  fired: ['命中', 'Fired'],
  silent: ['已检查，未命中', 'Checked, nothing found'],
  'not-checkable': ['无法检查', 'Could not be checked'],
});

const GapCause = closedList('GapCause', ['未能判断的原因类别', 'Why a rule could not judge'], {
  data: ['数据不足', 'The data do not suffice'],
  'name-differs': [
    '姓名与证件号码不符，待核对',
    'A relative’s number stands in the registers under another name; to be checked',
  ],
  'name-missing': [
    '登记未载姓名，待核对',
    'The registers give no name with a relative’s number; to be checked',
  ],
});

const grant = 'warning.read';
export const gaps = sourceOf(ruleGap, [ruleGap.ruleId, ruleGap.period]);

export const RuleGap: RowRef = rowType('RuleGap', {
  ...{ zh: '规则未能判断之处', en: 'What a rule could not judge' },
  grant,
  fields: (t) => ({
    rule: one(t, Rule, {
      ...{ grant: 'rule.read', zh: '规则', en: 'Rule', source: rules },
      on: (p, r) => `${r}.rule_id = ${p}.rule_id`,
    }),
    period: column(t, ruleGap.period, { grant, zh: '期间', en: 'Period' }),
    cause: column(t, ruleGap.cause, {
      grant,
      zh: '原因类别',
      en: 'Kind of reason',
      type: GapCause,
    }),
    reasonZh: column(t, ruleGap.reasonZh, { grant, zh: '原因', en: 'Reason in Chinese' }),
    reasonEn: column(t, ruleGap.reasonEn, { grant, zh: '原因（英文）', en: 'Reason in English' }),
  }),
});

export const Check: RowRef = rowType('Check', {
  ...{ zh: '一条规则对一名干部的检查', en: 'What one rule says of one official' },
  grant,
  fields: (t) => ({
    rule: one(t, Rule, {
      ...{ grant: 'rule.read', zh: '规则', en: 'Rule', source: rules },
      on: (p, r) => `${r}.rule_id = ${p}.rule_id`,
    }),
    outcome: expression(t, {
      ...{ grant, zh: '结果', en: 'Outcome', type: CheckOutcome },
      sql: (row) => `${row}.outcome`,
    }),
    reasonZh: expression(t, {
      ...{ grant, zh: '无法检查的原因', en: 'Why it could not be checked', type: 'String' },
      nullable: true,
      sql: (row) => `${row}.reason_zh`,
    }),
    reasonEn: expression(t, {
      ...{ grant, zh: '无法检查的原因（英文）', en: 'Why, in English', type: 'String' },
      nullable: true,
      sql: (row) => `${row}.reason_en`,
    }),
    asOf: expression(t, {
      ...{ grant, zh: '检查所依据的日期', en: 'Date of the night', type: 'Date', nullable: true },
      sql: (row) => `${row}.as_of`,
    }),
    gaps: few(t, RuleGap, {
      ...{ grant, zh: '部分期间未能判断', en: 'Periods it could not judge', source: gaps },
      on: (p, g) => `${g}.person_id = ${p}.person_id and ${g}.rule_id = ${p}.rule_id`,
    }),
  }),
});

/** One row per enabled rule for the person in row `p`. */
const checksOf = (p: string, alias: string, managed: (t: string) => string) => `(
  select ${p}.person_id, r.rule_id, n.as_of,
    case when f.hit then 'fired'
      when run.state is distinct from 'evaluated' or g.reason_zh is not null then 'not-checkable'
      else 'silent' end as outcome,
    case when f.hit then null
      when run.state is distinct from 'evaluated'
        then coalesce(run.reason_zh, case when n.night_id is null then '尚未进行夜间比对' else '本次比对未评估该规则' end)
      else g.reason_zh end as reason_zh,
    case when f.hit then null
      when run.state is distinct from 'evaluated'
        then coalesce(run.reason_en, case when n.night_id is null then 'no night has run yet' else 'not evaluated in the last night' end)
      else g.reason_en end as reason_en
  from hub.rule r
  left join (select night_id, as_of from hub.night where state = 'done' and not is_repeat
    order by done_no desc nulls last limit 1) n on true
  left join hub.rule_run run on run.night_id = n.night_id and run.rule_id = r.rule_id
  left join lateral (select true as hit from hub.finding x where x.person_id = ${p}.person_id
    and x.rule_id = r.rule_id and x.seen_to = 'infinity' and ${managed('x')} limit 1) f on true
  left join lateral (select y.reason_zh, y.reason_en from hub.rule_gap y
    where y.person_id = ${p}.person_id and y.rule_id = r.rule_id and ${managed('y')}
    order by y.period desc limit 1) g on true
  where r.is_enabled) ${alias}`;

addFields([Cadre], (t) => ({
  checks: listField(t, Check, {
    ...{ grant, zh: '各规则的检查结果', en: 'What each rule says; not checkable is not clean' },
    plan: {
      kind: 'rows',
      rows: (p, alias, w) => ({
        from: checksOf(p, alias, w.managed),
        where: [],
        orderBy: `${alias}.rule_id`,
      }),
    },
  }),
}));
