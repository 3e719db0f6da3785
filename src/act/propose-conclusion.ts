/**
 * First half of a conclusion: whom the warning is assigned to, or the head, proposes it with a reason;
 * another person will decide.
 */
import { checkText } from './check-text.ts';
import { type CommandContext, runCommand } from './command.ts';
import type { Conclusion } from './conclusions.ts';
import { requireAction } from './warning-actions.ts';
import { appendEvent, type Handled, lockWarning } from './warning-row.ts';

export type ProposeConclusion = { warningId: string; conclusion: Conclusion; reason: string };

/** assigned → proposed; throws warning.not-yours. The same proposal by the same person twice is one. */
export const proposeConclusion = (
  context: CommandContext,
  { warningId, conclusion, reason }: ProposeConclusion,
): Promise<Handled> =>
  runCommand(context, {
    name: 'proposeConclusion',
    grant: 'warning.handle',
    personOf: ({ row }) => row.personId,
    async work(tx) {
      const note = checkText(reason, 'reason');
      const actorId = context.actor.id;
      const row = await lockWarning(tx, warningId);
      const isRepeated =
        row.state === 'proposed' &&
        row.proposedBy === actorId &&
        row.proposedConclusion === conclusion;
      if (isRepeated) return { row, isUnchanged: true };
      requireAction('propose', row, context.actor);
      await tx`update hub.warning set state = 'proposed', proposed_conclusion = ${conclusion},
               proposed_by = ${actorId} where person_id = ${row.personId} and warning_id = ${warningId}`;
      const detail = { conclusion };
      await appendEvent(tx, row, context.clock, { kind: 'proposed', actorId, note, detail });
      return { row };
    },
  });
