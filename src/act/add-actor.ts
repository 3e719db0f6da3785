/** Enters an account. It opens nothing until its rights are granted. */
import { HubError } from '../base/errors.ts';
import { appendChange, type Changed, lockActor, type Rights, refuseOwn } from './actor-row.ts';
import { checkActorId, LONGEST_NAME } from './check-rights.ts';
import { checkText } from './check-text.ts';
import { type CommandContext, runCommand } from './command.ts';
import { giveRights } from './give-rights.ts';

export type AddActor = { actorId: string; name: string; rights: Rights; reason: string };

/** Throws actor.exists, and whatever giving rights throws; then nothing is entered. */
export const addActor = (
  context: CommandContext,
  { actorId, name, rights, reason }: AddActor,
): Promise<Changed> =>
  runCommand(context, {
    name: 'addActor',
    grant: 'actor.manage',
    async work(tx) {
      const why = checkText(reason, 'reason');
      refuseOwn(context, checkActorId(actorId));
      const entered = await tx`
        insert into hub.actor (actor_id, name, roles, authorities)
        values (${actorId}, ${checkText(name, 'name', LONGEST_NAME)}, '{}', '{}')
        on conflict (actor_id) do nothing returning 1`;
      if (entered.length === 0) throw new HubError('actor.exists', { field: 'account' });
      const change = await appendChange(tx, context, { actorId, kind: 'entered', reason: why });
      const row = await lockActor(tx, context, actorId);
      const given = await giveRights(tx, context, { row, rights, reason: why });
      return given.kind === 'unchanged' ? change : given;
    },
  });
