/** Closed lists about accounts. */
import { ROLES } from '../../src/access/roles.ts';
import { closedList } from '../inputs.ts';

/** A file in src/access/roles each. */
export const RoleName = closedList(
  'RoleName',
  ['角色', 'Role'],
  Object.fromEntries(Object.entries(ROLES).map(([name, { zh, en }]) => [name, [zh, en] as const])),
);

export const ActorChangeKind = closedList('ActorChangeKind', ['账号变更', 'What happened'], {
  entered: ['录入', 'Entered'],
  proposed: ['提出授权', 'A grant is proposed'],
  declined: ['退回授权申请', 'The proposal is declined'],
  granted: ['授权生效', 'Granted'],
  revoked: ['撤回', 'Revoked'],
  disabled: ['停用', 'Disabled'],
});
