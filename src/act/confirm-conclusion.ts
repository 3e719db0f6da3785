/** Second half of a conclusion: a different person makes it final. */
import { HubError } from '../base/errors.ts';
import { type CommandContext, runCommand } from './command.ts';
import { requireAction } from './warning-actions.ts';
import { appendEvent, type Handled, lockWarning } from './warning-row.ts';

export type ConfirmConclusion = { warningId: string };

/** proposed → concluded. Of two people confirming at once, one decides and the other is told. */
export const confirmConclusion = (
  context: CommandContext,
  { warningId }: ConfirmConclusion,
): Promise<Handled> =>
  runCommand(context, {
    name: 'confirmConclusion',
    grant: 'warning.handle',
    personOf: ({ row }) => row.personId,
    async work(tx) {
      const { actor, clock } = context;
      const row = await lockWarning(tx, warningId);
      if (row.state === 'concluded' && row.concludedBy === actor.id)
        return { row, isUnchanged: true };
      requireAction('confirm', row, actor);
      const { proposedConclusion } = row;
      if (proposedConclusion === null) throw new HubError('internal');
      await tx`update hub.warning set state = 'concluded', conclusion = proposed_conclusion,
               concluded_by = ${actor.id}, concluded_at = ${clock.now()}
               where person_id = ${row.personId} and warning_id = ${warningId}`;
      const detail = { conclusion: proposedConclusion };
      await appendEvent(tx, row, clock, { kind: 'concluded', actorId: actor.id, detail });
      return { row };
    },
  });
