/** Gives an account roles, authorities, days, or opens it again: a proposal that a second person decides. */
import { type Changed, lockActor, type Rights } from './actor-row.ts';
import { checkText } from './check-text.ts';
import { type CommandContext, runCommand } from './command.ts';
import { giveRights } from './give-rights.ts';

export type GrantActor = { actorId: string; rights: Rights; reason: string };

/** What the account has already is left out; with nothing left there is no proposal. */
export const grantActor = (
  context: CommandContext,
  { actorId, rights, reason }: GrantActor,
): Promise<Changed> =>
  runCommand(context, {
    name: 'grantActor',
    grant: 'actor.manage',
    async work(tx) {
      const why = checkText(reason, 'reason');
      const row = await lockActor(tx, context, actorId);
      return giveRights(tx, context, { row, rights, reason: why });
    },
  });
