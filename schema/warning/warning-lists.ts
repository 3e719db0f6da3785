/** Closed lists about warnings. */
import { CONCLUSIONS } from '../../src/act/conclusions.ts';
import { builder, words } from '../builder.ts';
import { closedList } from '../inputs.ts';
import { WARNING_STATES } from './warning.codes.ts';

export const Severity = closedList('Severity', ['预警等级', 'Severity of a warning'], {
  red: ['红色', 'Red'],
  yellow: ['黄色', 'Yellow'],
  blue: ['蓝色', 'Blue'],
});

export const WarningState = closedList(
  'WarningState',
  ['预警状态', 'State of a warning'],
  WARNING_STATES,
);

export const WarningEventKind = closedList('WarningEventKind', ['办理动作', 'What happened'], {
  raised: ['产生', 'Raised'],
  'evidence-changed': ['证据变化', 'Evidence changed'],
  lapsed: ['数据不再支持', 'The data no longer support it'],
  'seen-again': ['再次命中', 'Seen again'],
  assigned: ['分办', 'Assigned'],
  note: ['备注', 'Note'],
  proposed: ['拟结论', 'Conclusion proposed'],
  returned: ['退回', 'Returned'],
  concluded: ['办结', 'Concluded'],
});

/** Stored in Chinese, as the files say it; see `src/act/conclusions.ts`. */
export const Conclusion = builder.enumType('Conclusion', {
  description: words('办结结论', 'How a warning ended'),
  values: Object.fromEntries(
    Object.entries(CONCLUSIONS).map(([key, [zh, en]]) => [key, { description: words(zh, en) }]),
  ),
});

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** SQL of a stored conclusion as the API writes it. */
export const conclusionSql = (sql: string): string =>
  `case ${sql} ${Object.entries(CONCLUSIONS)
    .map(([key, [zh]]) => `when ${quoted(zh)} then '${key}'`)
    .join(' ')} end`;

/** Conclusions that prove the rule right: the question had reason. */
const CONFIRMED: readonly (keyof typeof CONCLUSIONS)[] = [
  'OMISSION',
  'CONCEALMENT',
  'VIOLATION',
  'PARTLY_TRUE',
];
export const confirmedSql = (sql: string): string =>
  `${sql} in (${CONFIRMED.map((key) => quoted(CONCLUSIONS[key][0])).join(', ')})`;
