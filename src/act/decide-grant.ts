/** The second person: grants what another proposed for a third, or declines it. */
import { HubError } from '../base/errors.ts';
import type { Transaction } from '../platform/database.ts';
import { appendChange, type Changed, isConsole, lockActor, type Rights } from './actor-row.ts';
import { checkText } from './check-text.ts';
import { type CommandContext, runCommand } from './command.ts';
import { applyRights } from './give-rights.ts';

export type DecideGrant = { proposalNo: string; reason: string };

type Proposal = Rights & { actorId: string; byId: string; changeNo: number };

const NUMBER = /^\d{1,15}$/;

async function readProposal(tx: Transaction, proposalNo: string): Promise<Proposal> {
  if (!NUMBER.test(proposalNo)) throw new HubError('object.not-found', { field: 'proposal' });
  const [row] = await tx<(Omit<Proposal, 'changeNo'> & { isDecided: boolean })[]>`
    select p.actor_id as "actorId", p.by_id as "byId", p.roles, p.authorities, p.enables,
      p.valid_from::text as "validFrom", p.valid_through::text as "validThrough",
      exists (select from hub.actor_change d where d.proposal_no = p.change_no) as "isDecided"
    from hub.actor_change p where p.change_no = ${proposalNo} and p.kind = 'proposed'`;
  if (!row) throw new HubError('object.not-found', { field: 'proposal' });
  if (row.isDecided) throw new HubError('proposal.decided', { field: 'proposal' });
  return {
    ...row,
    validFrom: row.validFrom ?? undefined,
    validThrough: row.validThrough ?? undefined,
    changeNo: Number(proposalNo),
  };
}

/** Two at the console are one person. */
const isSamePerson = (a: string, b: string) => a === b || (isConsole(a) && isConsole(b));

/** Throws actor.same-person, actor.own-rights, proposal.decided or object.not-found. */
export const approveGrant = (
  context: CommandContext,
  { proposalNo, reason }: DecideGrant,
): Promise<Changed> =>
  runCommand(context, {
    name: 'approveGrant',
    grant: 'actor.manage',
    async work(tx) {
      const why = checkText(reason, 'reason');
      const proposal = await readProposal(tx, proposalNo);
      const { actorId, byId, changeNo } = proposal;
      if (isSamePerson(byId, context.actor.id))
        throw new HubError('actor.same-person', { field: 'proposal' });
      const row = await lockActor(tx, context, actorId);
      await applyRights(tx, row, proposal);
      const change = { actorId, rights: proposal, proposalNo: changeNo, reason: why };
      return appendChange(tx, context, { ...change, kind: 'granted' });
    },
  });

/** Whoever proposed it may take it back; the account's own has no say. */
export const declineGrant = (
  context: CommandContext,
  { proposalNo, reason }: DecideGrant,
): Promise<Changed> =>
  runCommand(context, {
    name: 'declineGrant',
    grant: 'actor.manage',
    async work(tx) {
      const why = checkText(reason, 'reason');
      const { actorId, changeNo } = await readProposal(tx, proposalNo);
      await lockActor(tx, context, actorId);
      const change = { actorId, proposalNo: changeNo, reason: why };
      return appendChange(tx, context, { ...change, kind: 'declined' });
    },
  });
