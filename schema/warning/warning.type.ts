/** A warning: a question with its evidence, what would make it false, and what became of it. */
import { rowOfId } from '../../src/read/index.ts';
import { colleague } from '../access/colleague.type.ts';
import { builder, words } from '../builder.ts';
import {
  ascending,
  column,
  counted,
  descending,
  expression,
  type Fields,
  few,
  many,
  ofPerson,
  one,
  type RowRef,
  visibleRows,
} from '../fields.ts';
import { Cadre } from '../person/person.type.ts';
import { cadres } from '../person/person-lists.ts';
import { addFields, pages, rootRow, rowType } from '../row-types.ts';
import { sourceOf } from '../sources.ts';
import { namedValues } from './bilingual.type.ts';
import { gaps, RuleGap } from './check.type.ts';
import { Evidence } from './evidence.type.ts';
import { lastSeenOn } from './last-seen.ts';
import { Rule, rules } from './rule.type.ts';
import { warning, warningEvent, warningEvidence } from './warning.table.ts';
import { WarningEvent } from './warning-event.type.ts';
import { severityRank, WarningFilter, WarningOrder } from './warning-filter.ts';
import { Conclusion, conclusionSql, Severity, WarningState } from './warning-lists.ts';

const grant = 'warning.read';
export const warnings = sourceOf(warning, [warning.warningId]);
/** The warning names its official; an item may show what a register holds of a relative. */
const evidence = {
  ...sourceOf(warningEvidence, [
    warningEvidence.personId,
    warningEvidence.warningId,
    warningEvidence.position,
  ]),
  person: (e: string) =>
    `case when ${e}.subject_kind = 'person' then ${e}.subject_id else ${e}.person_id::text end`,
};
const events = sourceOf(warningEvent, [
  warningEvent.personId,
  warningEvent.warningId,
  warningEvent.eventNo,
]);

const ofWarning = (p: string, t: string) =>
  `${t}.person_id = ${p}.person_id and ${t}.warning_id = ${p}.warning_id`;

const ending = (t: Fields) => ({
  assignee: colleague(t, (row) => `${row}.assignee_id`, {
    ...{ grant, zh: '承办人', en: 'Assigned to' },
  }),
  proposedConclusion: expression(t, {
    ...{ grant, zh: '拟结论', en: 'Proposed conclusion', type: Conclusion, nullable: true },
    sql: (row) => conclusionSql(`${row}.proposed_conclusion`),
  }),
  proposedBy: colleague(t, (row) => `${row}.proposed_by`, {
    ...{ grant, zh: '拟结论人', en: 'Proposed by' },
  }),
  conclusion: expression(t, {
    ...{ grant, zh: '结论', en: 'Conclusion', type: Conclusion, nullable: true },
    sql: (row) => conclusionSql(`${row}.conclusion`),
  }),
  concludedBy: colleague(t, (row) => `${row}.concluded_by`, {
    ...{ grant, zh: '复核人', en: 'Confirmed by' },
  }),
  concludedAt: column(t, warning.concludedAt, { grant, zh: '办结时间', en: 'Concluded at' }),
  events: many(t, WarningEvent, {
    ...{ grant, zh: '办理记录', en: 'What happened to it', source: events, on: ofWarning },
  }),
});

export const Warning: RowRef = rowType('Warning', {
  ...{ zh: '预警：一个待人回答的问题', en: 'A warning: a question for a person to answer' },
  source: warnings,
  grant,
  fields: (t) => ({
    cadre: one(t, Cadre, {
      ...{ grant: 'cadre.read', zh: '干部；单位预警为空', en: 'The official; null for units' },
      source: cadres,
      on: ofPerson.on,
    }),
    unitCode: expression(t, {
      ...{ grant, zh: '单位代码；个人预警为空', en: 'Unit code; null for persons', type: 'String' },
      nullable: true,
      sql: (row) => `nullif(${row}.unit_code, '')`,
    }),
    rule: one(t, Rule, {
      ...{ grant: 'rule.read', zh: '规则', en: 'Rule', source: rules },
      on: (p, r) => `${r}.rule_id = ${p}.rule_id`,
    }),
    ruleCode: column(t, warning.ruleId, { grant, zh: '规则编号', en: 'Number of the rule' }),
    ruleVersion: column(t, warning.ruleVersion, { grant, zh: '规则版本', en: 'Rule version' }),
    kitVersion: column(t, warning.kitVersion, {
      grant,
      zh: '规则公共部分的版本',
      en: 'Version of the common parts of the rules',
    }),
    period: column(t, warning.period, { grant, zh: '所涉期间', en: 'Period' }),
    severity: column(t, warning.severity, { grant, zh: '等级', en: 'Severity', type: Severity }),
    state: column(t, warning.state, { grant, zh: '状态', en: 'State', type: WarningState }),
    questionZh: column(t, warning.questionZh, { grant, zh: '问题', en: 'Question in Chinese' }),
    questionEn: column(t, warning.questionEn, { grant, zh: '问题（英文）', en: 'In English' }),
    facts: namedValues(t, warning.facts, { grant, zh: '条件中的取值', en: 'Values the rule read' }),
    firstSeenOn: column(t, warning.firstSeenOn, { grant, zh: '首次命中', en: 'First seen on' }),
    lastSeenOn: expression(t, {
      ...{ grant, zh: '最近命中', en: 'Last seen on', type: 'Date' },
      sql: lastSeenOn,
    }),
    lapsedOn: column(t, warning.lapsedOn, {
      ...{ grant, zh: '数据自此不再支持', en: 'The data no longer support it since' },
    }),
    ...ending(t),
    evidence: many(t, Evidence, {
      ...{ grant: 'evidence.read', zh: '证据', en: 'Evidence', source: evidence, on: ofWarning },
    }),
    notEvaluated: few(t, RuleGap, {
      ...{ grant, zh: '对此人未能判断之处', en: 'What could not be evaluated for this official' },
      source: gaps,
      ...ofPerson,
      orderBy: [ascending('rule_id')],
    }),
    similar: few(t, Warning, {
      ...{
        grant,
        zh: '同规则已办结的相似预警',
        en: 'Concluded warnings of the same rule',
        first: 5,
      },
      source: warnings,
      on: (p, x) =>
        `${x}.rule_id = ${p}.rule_id and ${x}.state = 'concluded' and ${x}.warning_id <> ${p}.warning_id`,
      orderBy: [descending('concluded_at')],
    }),
  }),
});

/** Warnings of the official in the parent row, red first. */
const ofOfficial = {
  source: warnings,
  ...ofPerson,
  orderBy: [{ sql: severityRank }, descending('first_seen_on')],
};

addFields([Cadre], (t) => ({
  warnings: many(t, Warning, {
    ...{ grant, zh: '预警', en: 'Warnings, red first', filter: WarningFilter },
    ...ofOfficial,
  }),
  warningCount: counted(t, { grant, zh: '预警数', en: 'Warnings', ...ofOfficial }),
  openWarningCount: counted(t, {
    ...{ grant, zh: '未办结预警数', en: 'Warnings not concluded' },
    ...ofOfficial,
    on: (p, w) => `${ofOfficial.on(p, w)} and ${w}.state <> 'concluded'`,
  }),
}));

builder.queryFields((t) => ({
  warning: rootRow(t, {
    ...{ grant, zh: '一条预警', en: 'One warning', type: Warning },
    args: { id: t.arg.id({ required: true, description: words('全局编号', 'Global id') }) },
    rows: (alias, w) => {
      const [named = 'false'] = rowOfId('Warning', warnings, alias, (read) => w.bind(['id'], read));
      const where = visibleRows({ source: warnings, on: () => named }, '', alias, w);
      return { from: `${warnings.table} ${alias}`, where, person: `${alias}.person_id` };
    },
  }),
  warnings: pages(t, {
    ...{ grant, zh: '您可见的预警', en: 'Warnings you may see', type: Warning },
    source: warnings,
    filter: WarningFilter,
    orderBy: { keys: WarningOrder, byDefault: 'SEVERITY' },
  }),
}));
