/** Nights: the rule book over one snapshot, and how each rule fared. */
import { colleague } from '../access/colleague.type.ts';
import { builder } from '../builder.ts';
import { RunState } from '../feed/feed-lists.ts';
import { column, expression, type Fields, many, one, type RowRef } from '../fields.ts';
import { closedList, sortKeys } from '../inputs.ts';
import { pages, rowType } from '../row-types.ts';
import { sourceOf } from '../sources.ts';
import { Rule, rules } from './rule.type.ts';
import { night, ruleRun } from './warning.table.ts';

const NightMode = closedList('NightMode', ['比对方式', 'Mode of a night'], {
  full: ['全量', 'Everyone'],
  delta: ['增量', 'Who changed'],
});
const RuleRunState = closedList('RuleRunState', ['规则运行结果', 'How a rule fared'], {
  evaluated: ['已评估', 'Evaluated'],
  stale: ['数据过时', 'Data were stale'],
  'not-checkable': ['无法检查', 'Could not be checked'],
  failed: ['失败', 'Failed'],
  held: ['暂扣（激增）', 'Held back (surge)'],
});

const NightAnswer = closedList('NightAnswer', ['比对是否完整', 'How complete a night is'], {
  complete: ['全部规则已评估', 'Every rule was evaluated'],
  partial: ['部分规则未评估', 'Some rules were not evaluated'],
  nothing: ['没有规则得到评估', 'No rule was evaluated'],
});
const UNANSWERED = (row: string) =>
  `${row}.rules_stale + ${row}.rules_not_checkable + ${row}.rules_failed + ${row}.rules_held`;

const grant = 'night.read';
export const nights = sourceOf(night, [night.nightId]);
const ruleRuns = sourceOf(ruleRun, [ruleRun.nightId, ruleRun.ruleId]);

export const RuleRun: RowRef = rowType('RuleRun', {
  ...{ zh: '一条规则在一次比对中', en: 'One rule in one night' },
  grant,
  fields: (t) => ({
    rule: one(t, Rule, {
      ...{ grant: 'rule.read', zh: '规则', en: 'Rule', source: rules },
      on: (p, r) => `${r}.rule_id = ${p}.rule_id`,
    }),
    state: column(t, ruleRun.state, { grant, zh: '结果', en: 'How it fared', type: RuleRunState }),
    reasonZh: column(t, ruleRun.reasonZh, { grant, zh: '原因', en: 'Reason in Chinese' }),
    reasonEn: column(t, ruleRun.reasonEn, { grant, zh: '原因（英文）', en: 'Reason in English' }),
    subjects: column(t, ruleRun.subjects, { grant, zh: '检查人数', en: 'Officials looked at' }),
    findings: column(t, ruleRun.findings, { grant, zh: '命中数', en: 'Hits' }),
    gaps: column(t, ruleRun.gaps, { grant, zh: '未能判断数', en: 'Not judged' }),
    isRepeat: column(t, ruleRun.isRepeat, {
      ...{ grant, zh: '重算过去的日期', en: 'Of a date already spoken about' },
    }),
    milliseconds: column(t, ruleRun.milliseconds, {
      grant,
      zh: '耗时（毫秒）',
      en: 'Milliseconds',
    }),
  }),
});

/** What the night could and could not answer. */
const answers = (t: Fields) => ({
  answer: expression(t, {
    ...{ grant, zh: '是否完整', en: 'How complete', type: NightAnswer, nullable: true },
    sql: (
      row,
    ) => `case when ${row}.state <> 'done' then null when ${row}.rules_evaluated = 0 then 'nothing'
      when ${UNANSWERED(row)} > 0 then 'partial' else 'complete' end`,
  }),
  isRepeat: column(t, night.isRepeat, {
    ...{ grant, zh: '重算过去的日期', en: 'Of a date already spoken about; changes nothing' },
  }),
  attempts: column(t, night.attempts, { grant, zh: '启动次数', en: 'How often it was begun' }),
  rulesEvaluated: column(t, night.rulesEvaluated, { grant, zh: '已评估规则', en: 'Evaluated' }),
  rulesStale: column(t, night.rulesStale, { grant, zh: '数据过时', en: 'Data were stale' }),
  rulesNotCheckable: column(t, night.rulesNotCheckable, {
    ...{ grant, zh: '无法检查', en: 'Could not be checked' },
  }),
  rulesFailed: column(t, night.rulesFailed, { grant, zh: '失败', en: 'Failed' }),
  rulesHeld: column(t, night.rulesHeld, { grant, zh: '暂扣', en: 'Held back' }),
});

export const Night: RowRef = rowType('Night', {
  ...{ zh: '一次夜间比对', en: 'One correlation night' },
  source: nights,
  grant,
  fields: (t) => ({
    asOf: column(t, night.asOf, { grant, zh: '数据日期', en: 'Date of the snapshot' }),
    mode: column(t, night.mode, { grant, zh: '方式', en: 'Mode', type: NightMode }),
    state: column(t, night.state, { grant, zh: '状态', en: 'State', type: RunState }),
    requestedBy: colleague(t, (row) => `${row}.requested_by`, {
      ...{
        grant,
        zh: '发起人；非账号时无姓名',
        en: 'Requested by; without a name where no account',
      },
    }),
    startedAt: column(t, night.startedAt, { grant, zh: '开始', en: 'Started at' }),
    endedAt: column(t, night.endedAt, { grant, zh: '结束', en: 'Ended at' }),
    persons: column(t, night.persons, { grant, zh: '人数', en: 'Officials' }),
    warningsNew: column(t, night.warningsNew, { grant, zh: '新预警', en: 'New warnings' }),
    warningsChanged: column(t, night.warningsChanged, { grant, zh: '变化', en: 'Changed' }),
    warningsLapsed: column(t, night.warningsLapsed, { grant, zh: '失去数据支持', en: 'Lapsed' }),
    progress: column(t, night.progress, { grant, zh: '进度（%）', en: 'Progress in %' }),
    ...answers(t),
    rules: many(t, RuleRun, {
      ...{ grant, zh: '各规则', en: 'Each rule', source: ruleRuns },
      on: (p, r) => `${r}.night_id = ${p}.night_id`,
    }),
  }),
});

const NightOrder = sortKeys('NightOrder', ['比对排序', 'Order of nights'], {
  NEWEST: {
    ...{ grant, zh: '新者在前', en: 'Newest first' },
    order: [{ sql: (t) => `${t}.started_at`, isDescending: true }],
  },
});

builder.queryFields((t) => ({
  nights: pages(t, {
    ...{ grant, zh: '夜间比对', en: 'Correlation nights', type: Night, source: nights },
    orderBy: { keys: NightOrder, byDefault: 'NEWEST' },
  }),
}));
