/** U02 subject of economic-responsibility audit not audited within five years. */
import { addDays } from '../calendar.ts';
import { makeAudit } from '../career.ts';
import type { Audit } from '../model.ts';
import type { Card, Stage } from './case.ts';
import { posts } from './t01.ts';

const yes = { rule: 'U02', kind: 'true', severity: 'yellow' } as const;
const no = { rule: 'U02', kind: 'near-miss' } as const;

/** An audit of the three years up to a day. */
export function audited(
  stage: Stage,
  periodTo: string,
  kind: Audit['kind'] = '任中',
  unit = stage.official.unit,
) {
  const { official, random } = stage;
  const reportedOn = addDays(periodTo, 62);
  const periodFrom = `${Number(periodTo.slice(0, 4)) - 3}${periodTo.slice(4)}`;
  const reportNo = `临审责〔${reportedOn.slice(0, 4)}〕${official.index}号`;
  official.audits.push(
    makeAudit(random, { unit, reportNo, periodFrom, periodTo, kind, reportedOn }),
  );
}

/** Six years in an audited post without an audit: the yellow finding that stacked cases use. */
export const neverAudited = (stage: Stage): void =>
  posts(stage, [{ startedOn: '2020-03-16', isAuditSubject: true }]);

export const U02: readonly Card[] = [
  {
    ...yes,
    id: 'never',
    count: 3,
    zh: '任审计对象职务6年未审计',
    en: 'six years in an audited post without an audit',
    plant: neverAudited,
  },
  {
    ...yes,
    id: 'long-ago',
    count: 2,
    zh: '上次审计距今5.4年',
    en: 'last audited 5.4 years ago',
    plant: (stage) => {
      posts(stage, [{ startedOn: '2018-01-08', isAuditSubject: true }]);
      audited(stage, '2020-11-20');
    },
  },
  {
    ...yes,
    id: 'just-over-five',
    count: 1,
    zh: '任职5年零1个月，从未审计',
    en: 'appointed five years and one month ago, never audited',
    plant: (stage) => posts(stage, [{ startedOn: '2021-05-26', isAuditSubject: true }]),
  },
  {
    ...yes,
    id: 'only-former-post',
    count: 1,
    zh: '只在前任岗位做过离任审计，现岗位5.5年未审计',
    en: 'audited only when leaving the former post; 5.5 years in the present one',
    plant: (stage) => {
      posts(stage, [
        {
          startedOn: '2014-03-02',
          endedOn: '2020-12-20',
          isAuditSubject: true,
          dutyCode: `F${stage.official.index}`,
        },
        { startedOn: '2020-12-20', isAuditSubject: true },
      ]);
      audited(stage, '2020-10-30', '离任');
    },
  },
  {
    ...no,
    id: 'four-point-nine',
    count: 2,
    zh: '4.9年前已审计',
    en: 'audited 4.9 years ago',
    plant: (stage) => {
      posts(stage, [{ startedOn: '2018-05-08', isAuditSubject: true }]);
      audited(stage, '2021-07-15');
    },
  },
  {
    ...no,
    id: 'appointed-lately',
    count: 2,
    zh: '任职不满5年',
    en: 'appointed less than five years ago',
    plant: (stage) => posts(stage, [{ startedOn: '2021-08-02', isAuditSubject: true }]),
  },
  {
    ...no,
    id: 'not-a-subject',
    count: 2,
    zh: '任职7年，但不是审计对象',
    en: 'seven years in a post that is not subject to audit',
    plant: (stage) => posts(stage, [{ startedOn: '2019-06-03' }]),
  },
  {
    ...no,
    id: 'left-the-post',
    count: 1,
    zh: '原审计对象职务已免，现岗位不是审计对象',
    en: 'has left the audited post for one that is not subject to audit',
    plant: (stage) => {
      posts(stage, [
        {
          startedOn: '2018-03-02',
          endedOn: '2025-03-20',
          isAuditSubject: true,
          dutyCode: `F${stage.official.index}`,
        },
        { startedOn: '2025-03-20' },
      ]);
      audited(stage, '2025-03-20', '离任');
    },
  },
  {
    ...no,
    id: 'audited-last-year',
    count: 1,
    zh: '任职8年，去年已审计',
    en: 'eight years in the post, audited last year',
    plant: (stage) => {
      posts(stage, [{ startedOn: '2018-02-05', isAuditSubject: true }]);
      audited(stage, '2025-06-30');
    },
  },
];
