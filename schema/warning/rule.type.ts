/** The rule book: conditions in words, parameters in force, and how often each rule was right. */
import { builder } from '../builder.ts';
import { ascending, column, descending, expression, few, type RowRef } from '../fields.ts';
import { closedList } from '../inputs.ts';
import { rootRows, rowType } from '../row-types.ts';
import { sourceOf } from '../sources.ts';
import { pairs } from './bilingual.type.ts';
import { ruleFamilies } from './rule-families.ts';
import { rule, ruleParameter, ruleVersion, warning } from './warning.table.ts';
import { confirmedSql } from './warning-lists.ts';

const RuleFamily = closedList(
  'RuleFamily',
  ['规则类别', 'Family of rules'],
  Object.fromEntries([...ruleFamilies()].map(([family, { zh, en }]) => [family, [zh, en]])),
);

const grant = 'rule.read';
export const rules = sourceOf(rule, [rule.ruleId]);
const parameters = sourceOf(ruleParameter, [ruleParameter.name, ruleParameter.validFrom]);
const versions = sourceOf(ruleVersion, [ruleVersion.version, ruleVersion.kitVersion]);
const warnings = sourceOf(warning, [warning.warningId]);

/** One language of a pair of words, as stored: `{places}` are not filled. */
const inLanguage = (
  t: Parameters<typeof column>[0],
  name: string,
  language: 'zh' | 'en',
  zh: string,
  en: string,
) =>
  expression(t, {
    ...{ grant, zh, en, type: 'String' },
    sql: (row) => `${row}.${name}->>'${language}'`,
  });

export const RuleParameter: RowRef = rowType('RuleParameter', {
  ...{ zh: '规则参数', en: 'A parameter of a rule, from a date on' },
  grant,
  fields: (t) => ({
    name: column(t, ruleParameter.name, { grant, zh: '名称', en: 'Name' }),
    labelZh: column(t, ruleParameter.labelZh, { grant, zh: '含义', en: 'Meaning in Chinese' }),
    labelEn: column(t, ruleParameter.labelEn, {
      grant,
      zh: '含义（英文）',
      en: 'Meaning in English',
    }),
    value: expression(t, {
      ...{ grant, zh: '取值', en: 'Value', type: 'String' },
      sql: (row) => `${row}.value #>> '{}'`,
    }),
    validFrom: column(t, ruleParameter.validFrom, { grant, zh: '生效日期', en: 'In force from' }),
    basis: column(t, ruleParameter.basis, { grant, zh: '依据', en: 'Basis' }),
    author: column(t, ruleParameter.author, { grant, zh: '设定人', en: 'Set by' }),
    reason: column(t, ruleParameter.reason, { grant, zh: '理由', en: 'Reason' }),
  }),
});

export const RuleVersion: RowRef = rowType('RuleVersion', {
  ...{ zh: '规则的一个版本', en: 'What a rule asked under one version' },
  grant,
  fields: (t) => ({
    version: column(t, ruleVersion.version, { grant, zh: '版本', en: 'Version' }),
    kitVersion: column(t, ruleVersion.kitVersion, {
      grant,
      zh: '公共部分的版本',
      en: 'Version of the common parts',
    }),
    questionZh: inLanguage(t, 'question', 'zh', '问题', 'Question in Chinese'),
    questionEn: inLanguage(t, 'question', 'en', '问题（英文）', 'Question in English'),
    conditionZh: inLanguage(t, 'condition', 'zh', '条件', 'Condition in Chinese'),
    conditionEn: inLanguage(t, 'condition', 'en', '条件（英文）', 'Condition in English'),
  }),
});

/** Concluded warnings of the rule in row `t`, as far as the reader may see warnings. */
const concluded = (t: string, managed: (alias: string) => string, more = '') =>
  `(select count(*)::int from ${warnings.table} w where w.rule_id = ${t}.rule_id
      and w.state = 'concluded' and ${managed('w')}${more})`;

export const Rule: RowRef = rowType('Rule', {
  ...{ zh: '预警规则', en: 'An early-warning rule' },
  source: rules,
  grant,
  fields: (t) => ({
    code: column(t, rule.ruleId, { grant, zh: '规则编号', en: 'Number of the rule' }),
    version: column(t, rule.version, { grant, zh: '版本', en: 'Version' }),
    family: column(t, rule.family, { grant, zh: '类别', en: 'Family', type: RuleFamily }),
    titleZh: column(t, rule.titleZh, { grant, zh: '名称', en: 'Title in Chinese' }),
    titleEn: column(t, rule.titleEn, { grant, zh: '名称（英文）', en: 'Title in English' }),
    conditionZh: column(t, rule.conditionZh, { grant, zh: '条件', en: 'Condition in Chinese' }),
    conditionEn: column(t, rule.conditionEn, { grant, zh: '条件（英文）', en: 'In English' }),
    legalBasis: pairs(t, rule.legalBasis, { grant, zh: '法规依据', en: 'Legal basis' }),
    falseIf: pairs(t, rule.falseIf, {
      grant,
      zh: '何种情况下不成立',
      en: 'What would make it false',
    }),
    innocent: pairs(t, rule.innocent, { grant, zh: '已知的正当解释', en: 'Innocent explanations' }),
    feeds: expression(t, {
      ...{ grant, zh: '所用数据源（逗号分隔）', en: 'Feeds it reads, comma separated' },
      type: 'String',
      sql: (row) => `array_to_string(${row}.feeds, ',')`,
    }),
    isEnabled: column(t, rule.isEnabled, { grant, zh: '启用', en: 'Enabled' }),
    parameters: few(t, RuleParameter, {
      ...{ grant, zh: '参数（含历史）', en: 'Parameters, newest first', source: parameters },
      on: (p, row) => `${row}.rule_id = ${p}.rule_id`,
      orderBy: [ascending('name'), descending('valid_from')],
    }),
    versions: few(t, RuleVersion, {
      ...{ grant, zh: '各版本', en: 'Its versions, newest first', source: versions },
      on: (v, row) => `${row}.rule_id = ${v}.rule_id`,
      orderBy: [descending('version'), descending('kit_version')],
    }),
    concludedCount: expression(t, {
      ...{ grant: 'warning.read', zh: '已办结预警数', en: 'Concluded warnings', type: 'Int' },
      sql: (row, w) => concluded(row, w.managed),
    }),
    confirmedCount: expression(t, {
      ...{ grant: 'warning.read', zh: '其中属实数', en: 'Of these, confirmed', type: 'Int' },
      sql: (row, w) => concluded(row, w.managed, ` and ${confirmedSql('w.conclusion')}`),
    }),
    precision: expression(t, {
      ...{ grant: 'warning.read', zh: '查准率；无已办结时为空', en: 'Confirmed ÷ concluded' },
      ...{ type: 'Float', nullable: true },
      sql: (row, w) =>
        `round(${concluded(row, w.managed, ` and ${confirmedSql('w.conclusion')}`)}::numeric
           / nullif(${concluded(row, w.managed)}, 0), 4)`,
    }),
  }),
});

builder.queryFields((t) => ({
  rules: rootRows(t, {
    ...{ grant, zh: '规则库', en: 'The rule book', type: Rule },
    rows: (alias) => ({ from: `${rules.table} ${alias}`, where: [], orderBy: `${alias}.rule_id` }),
  }),
}));
