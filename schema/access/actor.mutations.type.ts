/** Commands of administrators on accounts. Each is a file in src/act; here only their words and arguments. */
import type { GraphQLResolveInfo } from 'graphql';
import type { Changed } from '../../src/act/actor-row.ts';
import { addActor } from '../../src/act/add-actor.ts';
import { approveGrant, declineGrant } from '../../src/act/decide-grant.ts';
import { disableActor } from '../../src/act/disable-actor.ts';
import { grantActor } from '../../src/act/grant-actor.ts';
import { revokeActor } from '../../src/act/revoke-actor.ts';
import { HubError } from '../../src/base/errors.ts';
import { builder, type Context, type Row, words } from '../builder.ts';
import { Actor } from './actor.type.ts';
import { RoleName } from './actor-lists.ts';

const grant = 'actor.manage';
const PROPOSAL = 'ActorChange:';

/** The account after the command, as the caller selected it. */
async function after(
  command: Promise<Changed>,
  { reader, actor, seen }: Context,
  info: GraphQLResolveInfo,
): Promise<Row> {
  const { actorId } = await command;
  const row = await reader.object<Row | null>(info, `Actor:${actorId}`, actor, seen);
  if (!row) throw new HubError('object.not-found');
  return row;
}

/** Roles and authorities as given; absent is none. */
type Given = {
  roles?: readonly string[] | null | undefined;
  authorities?: readonly string[] | null | undefined;
  validFrom?: string | null | undefined;
  validThrough?: string | null | undefined;
};
const rightsOf = ({ roles, authorities, validFrom, validThrough }: Given) => ({
  roles: (roles ?? []).map((role) => role.toLowerCase()),
  authorities: authorities ?? [],
  validFrom: validFrom ?? undefined,
  validThrough: validThrough ?? undefined,
});

/** The number in a proposal's global id; any other id names none. */
const numberOf = (id: string): string => (id.startsWith(PROPOSAL) ? id.slice(PROPOSAL.length) : '');

builder.mutationFields((t) => {
  const actorId = t.arg.string({ required: true, description: words('账号', 'Account') });
  const reason = t.arg.string({ required: true, description: words('理由', 'Why') });
  const roles = t.arg({ type: [RoleName], description: words('角色', 'Roles') });
  const authorities = t.arg.stringList({
    description: words('干部管理机关代码', 'Codes of authorities'),
  });
  const validFrom = t.arg({ type: 'Date', description: words('有效期起', 'First day') });
  const validThrough = t.arg({
    type: 'Date',
    description: words('有效期止（含当日）', 'Last day, included'),
  });
  const proposal = t.arg.id({ required: true, description: words('申请的全局编号', 'Global id') });
  return {
    addActor: t.field({
      ...{
        grant,
        zh: '录入账号；权限待另一人批准',
        en: 'Enter an account; its rights wait for a second person',
      },
      type: Actor,
      args: {
        actorId,
        name: t.arg.string({ required: true, description: words('姓名', 'Name') }),
        ...{ roles, authorities, validFrom, validThrough, reason },
      },
      resolve: (_, { actorId: id, name, reason: why, ...given }, context, info) =>
        after(
          addActor(context.commands, { actorId: id, name, rights: rightsOf(given), reason: why }),
          context,
          info,
        ),
    }),
    grantActor: t.field({
      ...{ grant, zh: '提出授权，待另一人批准', en: 'Propose rights for another to approve' },
      type: Actor,
      args: {
        actorId,
        ...{ roles, authorities, validFrom, validThrough },
        enable: t.arg.boolean({ description: words('重新启用', 'Open the account again') }),
        reason,
      },
      resolve: (_, { actorId: id, enable, reason: why, ...given }, context, info) =>
        after(
          grantActor(context.commands, {
            ...{ actorId: id, reason: why },
            rights: { ...rightsOf(given), enables: enable ?? false },
          }),
          context,
          info,
        ),
    }),
    approveGrant: t.field({
      ...{ grant, zh: '批准授权；不能由提出人批准', en: 'Approve; who proposed it cannot' },
      type: Actor,
      args: { proposal, reason },
      resolve: (_, args, context, info) =>
        after(
          approveGrant(context.commands, {
            ...{ proposalNo: numberOf(args.proposal), reason: args.reason },
          }),
          context,
          info,
        ),
    }),
    declineGrant: t.field({
      ...{ grant, zh: '退回授权申请', en: 'Decline a proposal, or take one’s own back' },
      type: Actor,
      args: { proposal, reason },
      resolve: (_, args, context, info) =>
        after(
          declineGrant(context.commands, {
            ...{ proposalNo: numberOf(args.proposal), reason: args.reason },
          }),
          context,
          info,
        ),
    }),
    revokeActor: t.field({
      ...{ grant, zh: '撤回角色、机关或缩短有效期；立即生效', en: 'Take rights; in force at once' },
      type: Actor,
      args: { actorId, roles, authorities, validThrough, reason },
      resolve: (_, { actorId: id, reason: why, ...given }, context, info) =>
        after(
          revokeActor(context.commands, { actorId: id, ...rightsOf(given), reason: why }),
          context,
          info,
        ),
    }),
    disableActor: t.field({
      ...{ grant, zh: '停用账号；立即生效', en: 'Disable an account; in force at once' },
      type: Actor,
      args: { actorId, reason },
      resolve: (_, { actorId: id, reason: why }, context, info) =>
        after(disableActor(context.commands, { actorId: id, reason: why }), context, info),
    }),
  };
});
