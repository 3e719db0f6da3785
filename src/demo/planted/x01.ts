/** X01 stacked: two yellow findings of different families within twelve months. */

import { addHolding } from '../savings.ts';
import { undeclaredHongKong } from './a06.ts';
import { threeComplaints } from './c03.ts';
import type { Card } from './case.ts';
import { longInPost, posts } from './t01.ts';
import { audited, neverAudited } from './u02.ts';
import { car } from './v01.ts';
import { beyondMeans } from './w01.ts';

const yes = { rule: 'X01', kind: 'true', severity: 'red' } as const;
const no = { rule: 'X01', kind: 'near-miss' } as const;
const yellow = (...rules: string[]) => rules.map((rule) => ({ rule, severity: 'yellow' as const }));

export const X01: readonly Card[] = [
  {
    ...yes,
    id: 'trip-and-tenure',
    count: 2,
    also: yellow('A06', 'T01'),
    zh: '未报告赴港与超期任职叠加',
    en: 'an undeclared trip to Hong Kong and a post held too long',
    plant: (stage) => {
      undeclaredHongKong(stage, '2025-10-09');
      longInPost(stage);
    },
  },
  {
    ...yes,
    id: 'audit-and-complaints',
    count: 1,
    complaints: 3,
    also: yellow('U02', 'C03'),
    zh: '超周期未审计与举报集中叠加',
    en: 'audit overdue and complaints concentrated',
    plant: (stage) => {
      neverAudited(stage);
      threeComplaints(stage);
    },
  },
  {
    ...yes,
    id: 'car-and-tenure',
    count: 1,
    also: yellow('V01', 'T01'),
    zh: '购车超收入与超期任职叠加',
    en: 'a car beyond means and a post held too long',
    plant: (stage) => {
      car(stage, 0.85);
      longInPost(stage);
    },
  },
  {
    ...yes,
    id: 'wealth-and-audit',
    count: 1,
    also: yellow('W01', 'U02'),
    zh: '财产差额与超周期未审计叠加',
    en: 'a gap in wealth and audit overdue',
    plant: (stage) => {
      beyondMeans(stage);
      neverAudited(stage);
    },
  },
  {
    ...yes,
    id: 'trip-and-complaints',
    count: 1,
    complaints: 3,
    also: yellow('A06', 'C03'),
    zh: '未报告赴港与举报集中叠加',
    en: 'an undeclared trip to Hong Kong and complaints concentrated',
    plant: (stage) => {
      undeclaredHongKong(stage, '2025-10-09');
      threeComplaints(stage);
    },
  },
  {
    ...yes,
    id: 'whole-dossier',
    count: 1,
    complaints: 3,
    also: yellow('A06', 'C03'),
    zh: '未报告赴港与举报集中叠加，各部门均有其记录',
    en: 'an undeclared trip and complaints, of an official every department knows',
    plant: (stage) => {
      undeclaredHongKong(stage, '2025-10-16');
      threeComplaints(stage);
      posts(stage, [{ startedOn: '2021-03-15', isAuditSubject: true }]);
      audited(stage, '2024-06-30');
      car(stage, 0.3);
      addHolding(stage.family, {
        ...{ owner: stage.self, kind: '股票', name: '江南水务', isMarketValue: true },
        amount: () => 40_000,
      });
    },
  },
  {
    ...no,
    id: 'two-trips-one-year',
    count: 3,
    also: yellow('A06'),
    zh: '同一年两次未报告赴港，属同一类别',
    en: 'two undeclared trips in one year: one family of rules',
    plant: (stage) => {
      undeclaredHongKong(stage, '2025-05-06');
      undeclaredHongKong(stage, '2025-09-17');
    },
  },
  {
    ...no,
    id: 'two-trips-two-years',
    count: 2,
    also: yellow('A06'),
    zh: '两个年度各一次未报告赴港，属同一类别',
    en: 'an undeclared trip in each of two years: one family of rules',
    plant: (stage) => {
      undeclaredHongKong(stage, '2024-05-06');
      undeclaredHongKong(stage, '2025-09-17');
    },
  },
  {
    ...no,
    id: 'tenure-and-recent-appointment',
    count: 2,
    also: yellow('T01'),
    zh: '超期任职一项黄色，另一岗位审计未到期',
    en: 'one yellow for tenure; the audit of another post is not yet due',
    plant: (stage) =>
      posts(stage, [
        { startedOn: '2014-09-01' },
        { startedOn: '2022-03-14', isAuditSubject: true, dutyCode: `P${stage.official.index}` },
      ]),
  },
  {
    ...no,
    id: 'both-spouses',
    count: 1,
    isCouple: true,
    also: yellow('T01'),
    alsoSpouse: yellow('U02'),
    zh: '夫妻同为干部，各一项黄色，不是同一人',
    en: 'husband and wife are officials with one yellow each: not one person',
    plant: (stage) => {
      longInPost(stage);
      const second = stage.family.officials[1];
      if (second) longInAuditedPost(stage, second);
    },
  },
];

/** The other spouse's yellow finding belongs to another family of rules. */
function longInAuditedPost(
  stage: Parameters<Card['plant']>[0],
  second: Parameters<Card['plant']>[0]['official'],
): void {
  neverAudited({ ...stage, official: second, self: stage.spouse, spouse: stage.self });
}
