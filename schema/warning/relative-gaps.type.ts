/**
 * What could not be checked about a relative, told where the relative is shown: without it a list that is
 * empty because the rows stand under another name would read like a clean one.
 */
import { FamilyMember } from '../family/family.type.ts';
import { few } from '../fields.ts';
import { addFields } from '../row-types.ts';
import { gaps, RuleGap } from './check.type.ts';

addFields([FamilyMember], (t) => ({
  notChecked: few(t, RuleGap, {
    ...{ grant: 'warning.read', source: gaps },
    zh: '未能核对的规则（姓名与证件号码不符等），以最近一次夜间比对为准',
    en: 'Rules that could not look at this relative, e.g. because name and number disagree; as of the last night',
    on: (member, gap) =>
      `${gap}.person_id = ${member}.person_id and ${member}.relative_id = any(${gap}.relatives)`,
  }),
}));
