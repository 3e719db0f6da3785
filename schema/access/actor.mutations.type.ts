/** Commands of administrators on accounts. Each is a file in src/act; here only their words and inputs. */
import type { Grant } from '../../src/access/grants.ts';
import type { Changed } from '../../src/act/actor-row.ts';
import { addActor } from '../../src/act/add-actor.ts';
import { approveGrant, declineGrant } from '../../src/act/decide-grant.ts';
import { disableActor } from '../../src/act/disable-actor.ts';
import { grantActor } from '../../src/act/grant-actor.ts';
import { revokeActor } from '../../src/act/revoke-actor.ts';
import { words } from '../builder.ts';
import { command, type Done } from '../command/command.ts';
import { Actor, ActorChange } from './actor.type.ts';
import { RoleName } from './actor-lists.ts';

const grant: Grant = 'actor.manage';
const PROPOSAL = 'ActorChange:';
/** What an account may be called; anything else names none, and is not asked for. */
const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

const of = {
  shows: {
    actor: { type: Actor, grant, zh: '账号的现状', en: 'The account as it now stands' },
    change: {
      ...{ type: ActorChange, grant, zh: '记下的变更', en: 'The change that is on record' },
    },
  },
  asItIs: ({ account }: { account: string }) => ({
    actor: ACCOUNT.test(account) ? `Actor:${account}` : undefined,
  }),
} as const;
const ofProposal = {
  shows: of.shows,
  asItIs: ({ proposal }: { proposal: string }) => ({
    change: proposal.startsWith(PROPOSAL) ? proposal : undefined,
  }),
};

const done = async (changed: Promise<Changed>): Promise<Done> => {
  const { actorId, kind, changeNo } = await changed;
  const change = changeNo === undefined ? undefined : `${PROPOSAL}${changeNo}`;
  return { ids: { actor: `Actor:${actorId}`, change }, isUnchanged: kind === 'unchanged' };
};

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

type Inputs = Parameters<Parameters<typeof command>[1]['input']>[0];
const accountOf = (t: Inputs) =>
  t.string({ required: true, description: words('账号', 'Account') });
const reasonOf = (t: Inputs) => t.string({ required: true, description: words('理由', 'Why') });
const proposalOf = (t: Inputs) =>
  t.id({ required: true, description: words('申请的全局编号', 'Global id of the proposal') });
const takenOf = (t: Inputs) => ({
  roles: t.field({ type: [RoleName], description: words('角色', 'Roles') }),
  authorities: t.stringList({
    description: words('干部管理机关代码', 'Codes of authorities'),
  }),
  validThrough: t.field({
    ...{ type: 'Date', description: words('有效期止（含当日）', 'Last day, included') },
  }),
});
const givenOf = (t: Inputs) => ({
  ...takenOf(t),
  validFrom: t.field({ type: 'Date', description: words('有效期起', 'First day') }),
});

command('addActor', {
  ...{
    grant,
    zh: '录入账号；权限待另一人批准',
    en: 'Enter an account; its rights wait for another',
  },
  ...of,
  input: (t) => ({
    account: accountOf(t),
    name: t.string({ required: true, description: words('姓名', 'Name') }),
    ...givenOf(t),
    reason: reasonOf(t),
  }),
  run: ({ account, name, reason, ...given }, { commands }) =>
    done(addActor(commands, { actorId: account, name, rights: rightsOf(given), reason })),
});

command('grantActor', {
  ...{ grant, zh: '提出授权，待另一人批准', en: 'Propose rights for another to approve' },
  ...of,
  input: (t) => ({
    account: accountOf(t),
    ...givenOf(t),
    enable: t.boolean({ description: words('重新启用', 'Open the account again') }),
    reason: reasonOf(t),
  }),
  run: ({ account, enable, reason, ...given }, { commands }) =>
    done(
      grantActor(commands, {
        ...{ actorId: account, reason },
        rights: { ...rightsOf(given), enables: enable ?? false },
      }),
    ),
});

command('approveGrant', {
  ...{ grant, zh: '批准授权；不能由提出人批准', en: 'Approve; who proposed it cannot' },
  ...ofProposal,
  input: (t) => ({ proposal: proposalOf(t), reason: reasonOf(t) }),
  run: ({ proposal, reason }, { commands }) =>
    done(approveGrant(commands, { proposalNo: numberOf(proposal), reason })),
});

command('declineGrant', {
  ...{ grant, zh: '退回授权申请', en: 'Decline a proposal, or take one’s own back' },
  ...ofProposal,
  input: (t) => ({ proposal: proposalOf(t), reason: reasonOf(t) }),
  run: ({ proposal, reason }, { commands }) =>
    done(declineGrant(commands, { proposalNo: numberOf(proposal), reason })),
});

command('revokeActor', {
  ...{ grant, zh: '撤回角色、机关或缩短有效期；立即生效', en: 'Take rights; in force at once' },
  ...of,
  input: (t) => ({ account: accountOf(t), ...takenOf(t), reason: reasonOf(t) }),
  run: ({ account, reason, ...given }, { commands }) =>
    done(revokeActor(commands, { actorId: account, ...rightsOf(given), reason })),
});

command('disableActor', {
  ...{ grant, zh: '停用账号；立即生效', en: 'Disable an account; in force at once' },
  ...of,
  input: (t) => ({ account: accountOf(t), reason: reasonOf(t) }),
  run: ({ account, reason }, { commands }) =>
    done(disableActor(commands, { actorId: account, reason })),
});
