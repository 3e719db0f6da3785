/** Closes an account at once, on every API process; what it holds stays on record. */
import { appendChange, type Changed, lockActor } from './actor-row.ts';
import { checkText } from './check-text.ts';
import { type CommandContext, runCommand } from './command.ts';

export type DisableActor = { actorId: string; reason: string };

/** Disabling it again is no change. */
export const disableActor = (
  context: CommandContext,
  { actorId, reason }: DisableActor,
): Promise<Changed> =>
  runCommand(context, {
    name: 'disableActor',
    grant: 'actor.manage',
    async work(tx) {
      const why = checkText(reason, 'reason');
      const row = await lockActor(tx, context, actorId);
      if (!row.isEnabled) return { actorId, kind: 'unchanged' };
      await tx`update hub.actor set is_enabled = false where actor_id = ${actorId}`;
      return appendChange(tx, context, { actorId, kind: 'disabled', reason: why });
    },
  });
