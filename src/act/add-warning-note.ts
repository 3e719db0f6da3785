/** Writes a note into a warning's history; possible in every state, a concluded one included. */
import { checkText } from './check-text.ts';
import { type CommandContext, runCommand } from './command.ts';
import { requireAction } from './warning-actions.ts';
import { appendEvent, type Handled, lockWarning } from './warning-row.ts';

export type AddWarningNote = { warningId: string; note: string };

/** Changes no state. */
export const addWarningNote = (
  context: CommandContext,
  { warningId, note }: AddWarningNote,
): Promise<Handled> =>
  runCommand(context, {
    name: 'addWarningNote',
    grant: 'warning.handle',
    personOf: ({ row }) => row.personId,
    async work(tx) {
      const text = checkText(note, 'note');
      const row = await lockWarning(tx, warningId);
      requireAction('note', row, context.actor);
      await appendEvent(tx, row, context.clock, {
        kind: 'note',
        actorId: context.actor.id,
        note: text,
      });
      return { row };
    },
  });
