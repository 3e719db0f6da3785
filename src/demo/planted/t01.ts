/** T01 same post ten years or more. The county's last day is 2026-06-30. */
import type { Post } from '../model.ts';
import type { Card, Stage } from './case.ts';

const yes = { rule: 'T01', kind: 'true' } as const;
const no = { rule: 'T01', kind: 'near-miss' } as const;

/** Replaces the career: one post after another, all in this official's unit unless said. */
export function posts(
  stage: Stage,
  list: readonly (Partial<Post> & { startedOn: string })[],
): void {
  const { official } = stage;
  const now = official.posts.at(-1);
  if (!now) return;
  const duty = `T${official.unit.ordinal}-${official.index}`;
  official.posts = list.map((change) => ({
    ...now,
    dutyCode: duty,
    isAuditSubject: false,
    ...change,
  }));
  official.workStartedOn = '1995-07-01';
}

/** Ten years and some in an ordinary post: the yellow finding that stacked cases use. */
export const longInPost = (stage: Stage): void => posts(stage, [{ startedOn: '2014-03-10' }]);

export const T01: readonly Card[] = [
  {
    ...yes,
    id: 'long',
    count: 2,
    severity: 'yellow',
    zh: '同一岗位任职12年',
    en: 'twelve years in one post',
    plant: longInPost,
  },
  {
    ...yes,
    id: 'new-title-same-duty',
    count: 2,
    severity: 'yellow',
    zh: '职务名称改变而职责编码不变，合计13年',
    en: 'title changed, duty code unchanged, thirteen years together',
    plant: (stage) =>
      posts(stage, [
        { startedOn: '2013-05-06', endedOn: '2020-02-17', title: '股长' },
        { startedOn: '2020-02-17', title: '科长' },
      ]),
  },
  {
    ...yes,
    id: 'ten-years-to-the-day',
    count: 1,
    severity: 'yellow',
    zh: '到截止日恰满10年',
    en: 'ten years to the day',
    plant: (stage) => posts(stage, [{ startedOn: '2016-06-30' }]),
  },
  {
    ...yes,
    id: 'leading-member',
    count: 2,
    severity: 'red',
    zh: '党政领导成员同一职务满11年',
    en: 'a leading member of party or government eleven years in one post',
    plant: (stage) => {
      const unit = nearestGovernment(stage);
      stage.official.unit = unit;
      posts(stage, [{ startedOn: '2015-04-20', unit, isLeadingMember: true, title: '党组书记' }]);
    },
  },
  {
    ...no,
    id: 'nine-point-nine',
    count: 2,
    zh: '任职9.9年',
    en: '9.9 years in the post',
    plant: (stage) => posts(stage, [{ startedOn: '2016-08-01' }]),
  },
  {
    ...no,
    id: 'exempt',
    count: 2,
    zh: '任职13年，有交流豁免批文',
    en: 'thirteen years with a written exemption from rotation',
    plant: (stage) =>
      posts(stage, [{ startedOn: '2013-03-03', rotationExemption: '临组干〔2023〕18号' }]),
  },
  {
    ...no,
    id: 'moved-units',
    count: 2,
    zh: '同名职务分属两个单位，各不满10年',
    en: 'the same title in two units, less than ten years in each',
    plant: (stage) => {
      const { county, official } = stage;
      const unit = county.units[(official.unit.ordinal + 1) % county.units.length] ?? official.unit;
      posts(stage, [
        { startedOn: '2012-05-06', endedOn: '2019-02-17', unit, dutyCode: `M${official.index}` },
        { startedOn: '2019-02-17' },
      ]);
    },
  },
  {
    ...no,
    id: 'other-duty',
    count: 1,
    zh: '同一单位先后两个职责，合计14年',
    en: 'two duties in one unit, fourteen years together',
    plant: (stage) =>
      posts(stage, [
        { startedOn: '2012-05-06', endedOn: '2019-02-17', dutyCode: `N${stage.official.index}` },
        { startedOn: '2019-02-17' },
      ]),
  },
  {
    ...no,
    id: 'long-but-left',
    count: 1,
    zh: '曾任同一岗位12年，2024年已交流',
    en: 'twelve years in a post left in 2024',
    plant: (stage) =>
      posts(stage, [
        { startedOn: '2012-01-09', endedOn: '2024-03-01', dutyCode: `L${stage.official.index}` },
        { startedOn: '2024-03-01' },
      ]),
  },
];

function nearestGovernment({ county, official }: Stage) {
  const { units } = county;
  for (let step = 0; step < units.length; step += 1) {
    const unit = units[(official.unit.ordinal + step) % units.length];
    if (unit && (unit.kind === '政府' || unit.kind === '党委')) return unit;
  }
  return official.unit;
}
