/** First half of a conclusion: one person proposes it with a reason, another will decide. */
import { type CommandContext, runCommand } from './command.ts';
import type { Conclusion } from './conclusions.ts';
import {
  appendEvent,
  checkText,
  lockWarning,
  requireState,
  type WarningRow,
} from './warning-row.ts';

export type ProposeConclusion = { warningId: string; conclusion: Conclusion; reason: string };

/** assigned → proposed. The same proposal by the same person twice is one. */
export const proposeConclusion = (
  context: CommandContext,
  { warningId, conclusion, reason }: ProposeConclusion,
): Promise<WarningRow> =>
  runCommand(context, {
    name: 'proposeConclusion',
    grant: 'warning.handle',
    personOf: (row) => row.personId,
    async work(tx) {
      const note = checkText(reason);
      const actorId = context.actor.id;
      const row = await lockWarning(tx, warningId);
      const isRepeated =
        row.state === 'proposed' &&
        row.proposedBy === actorId &&
        row.proposedConclusion === conclusion;
      if (isRepeated) return row;
      requireState(row, 'assigned');
      await tx`update hub.warning set state = 'proposed', proposed_conclusion = ${conclusion},
               proposed_by = ${actorId} where person_id = ${row.personId} and warning_id = ${warningId}`;
      const detail = { conclusion };
      await appendEvent(tx, row, context.clock, { kind: 'proposed', actorId, note, detail });
      return row;
    },
  });
