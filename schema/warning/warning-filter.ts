/** By what warnings can be found and sorted. */
import {
  equals,
  filterInput,
  isAnyOf,
  isOneOf,
  notAfter,
  notBefore,
  sortKeys,
  when,
} from '../inputs.ts';
import { Severity, WarningState } from './warning-lists.ts';

const grant = 'warning.read';

/** Red before yellow before blue. */
export const severityRank = (t: string): string =>
  `array_position('{red,yellow,blue}', ${t}.severity)`;

export const WarningFilter = filterInput('WarningFilter', ['预警筛选', 'Filter of warnings'], {
  severity: {
    ...{ grant, zh: '等级', en: 'Severity', type: Severity, isList: true },
    where: isOneOf('severity'),
  },
  state: {
    ...{ grant, zh: '状态', en: 'State', type: WarningState, isList: true },
    where: isOneOf('state'),
  },
  rule: {
    ...{ grant, zh: '规则编号', en: 'Numbers of rules', type: 'String', isList: true },
    where: isAnyOf('rule_id'),
  },
  assigneeId: {
    ...{ grant, zh: '承办人', en: 'Assigned to', type: 'String' },
    where: equals('assignee_id'),
  },
  isLapsed: {
    ...{ grant, zh: '数据已不再支持', en: 'No longer supported by data', type: 'Boolean' },
    where: when((t) => `${t}.lapsed_on is not null`),
  },
  firstSeenFrom: {
    ...{ grant, zh: '首次命中不早于', en: 'First seen not before', type: 'Date' },
    where: notBefore('first_seen_on'),
  },
  firstSeenTo: {
    ...{ grant, zh: '首次命中不晚于', en: 'First seen not after', type: 'Date' },
    where: notAfter('first_seen_on'),
  },
});

const newest = { sql: (t: string) => `${t}.first_seen_on`, isDescending: true };

export const WarningOrder = sortKeys('WarningOrder', ['预警排序', 'Order of warnings'], {
  SEVERITY: {
    ...{ grant, zh: '红色在前，新者在前', en: 'Red first, then newest' },
    order: [{ sql: severityRank }, newest],
  },
  NEWEST: { grant, zh: '新者在前', en: 'Newest first', order: [newest] },
  OLDEST: {
    ...{ grant, zh: '久者在前', en: 'Oldest first' },
    order: [{ sql: (t) => `${t}.first_seen_on` }],
  },
});
