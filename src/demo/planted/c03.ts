/** C03 complaints concentrated on one person (units are dealt in deck.ts and complaints.ts). */
import type { Card, Stage } from './case.ts';

const yes = { rule: 'C03', kind: 'true', severity: 'yellow' } as const;
const no = { rule: 'C03', kind: 'near-miss' } as const;

function complained(
  stage: Stage,
  dates: readonly string[],
  repeats: Record<number, number> = {},
): void {
  const { official } = stage;
  const caseNo = (n: number) => `临信〔${dates[n]?.slice(0, 4)}〕重-${official.index}-${n + 1}`;
  official.petitions = dates.map((receivedOn, n) => {
    const original = repeats[n];
    return {
      caseNo: caseNo(n),
      receivedOn,
      category: ['资金', '作风', '选人用人'][n % 3] ?? '其他',
      ...(original === undefined ? {} : { duplicateOf: caseNo(original) }),
    };
  });
}

/** Three complaints within a year: the yellow finding that stacked cases use. */
export const threeComplaints = (stage: Stage): void =>
  complained(stage, ['2025-09-11', '2026-01-20', '2026-05-06']);

export const C03: readonly Card[] = [
  {
    ...yes,
    id: 'three',
    count: 4,
    complaints: 3,
    zh: '12个月内3件独立举报',
    en: 'three independent complaints within twelve months',
    plant: threeComplaints,
  },
  {
    ...yes,
    id: 'three-and-a-repeat',
    count: 2,
    complaints: 3,
    zh: '3件独立举报，另有1件重复件',
    en: 'three independent complaints and one repeat',
    plant: (stage) =>
      complained(stage, ['2025-08-04', '2025-12-15', '2026-03-09', '2026-03-30'], { 3: 2 }),
  },
  {
    ...no,
    id: 'one-is-a-repeat',
    count: 4,
    complaints: 2,
    zh: '3件中1件是重复件',
    en: 'one of the three repeats another',
    plant: (stage) => complained(stage, ['2025-10-13', '2025-12-02', '2026-02-24'], { 2: 0 }),
  },
  {
    ...no,
    id: 'thirteen-months',
    count: 4,
    complaints: 2,
    zh: '3件分布在13个月',
    en: 'three complaints over thirteen months',
    plant: (stage) => complained(stage, ['2025-05-19', '2025-11-17', '2026-06-22']),
  },
  {
    ...no,
    id: 'two',
    count: 2,
    complaints: 2,
    zh: '12个月内2件',
    en: 'two complaints within twelve months',
    plant: (stage) => complained(stage, ['2025-11-10', '2026-04-21']),
  },
];
