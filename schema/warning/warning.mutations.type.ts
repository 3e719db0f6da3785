/** Commands on warnings. Each is a file in src/act; here only their words, grants and arguments. */
import type { GraphQLResolveInfo } from 'graphql';
import { addWarningNote } from '../../src/act/add-warning-note.ts';
import type { ApiActions } from '../../src/act/api-actions.ts';
import { assignWarning } from '../../src/act/assign-warning.ts';
import type { CommandContext } from '../../src/act/command.ts';
import { CONCLUSIONS } from '../../src/act/conclusions.ts';
import { confirmConclusion } from '../../src/act/confirm-conclusion.ts';
import { proposeConclusion } from '../../src/act/propose-conclusion.ts';
import { returnConclusion } from '../../src/act/return-conclusion.ts';
import { HubError } from '../../src/base/errors.ts';
import { builder, type Context, type Row, words } from '../builder.ts';
import { Warning } from './warning.type.ts';
import { Conclusion } from './warning-lists.ts';

declare module '../builder.ts' {
  interface Context {
    commands: CommandContext;
    actions: ApiActions;
  }
}

const PREFIX = 'Warning:';

/** The key in a warning's global id; any other id names no warning. */
const keyOf = (id: string): string => (id.startsWith(PREFIX) ? id.slice(PREFIX.length) : '');

/** The warning after the command, as the caller selected it. */
async function after(
  command: Promise<{ warningId: string }>,
  { reader, actor, seen }: Context,
  info: GraphQLResolveInfo,
): Promise<Row> {
  const { warningId } = await command;
  const row = await reader.object<Row | null>(info, `${PREFIX}${warningId}`, actor, seen);
  if (!row) throw new HubError('object.not-found');
  return row;
}

function conclusionOf(key: string) {
  const found = Object.entries(CONCLUSIONS).find(([name]) => name === key);
  if (!found) throw new HubError('internal');
  return found[1][0];
}

builder.mutationType({ description: words('操作；全部留痕', 'Commands; every one is logged') });

const grant = 'warning.handle';

builder.mutationFields((t) => {
  const id = t.arg.id({ required: true, description: words('预警的全局编号', 'Global id') });
  const reason = t.arg.string({ required: true, description: words('理由', 'Reason') });
  return {
    assignWarning: t.field({
      ...{ grant, zh: '分办预警：交由某人办理', en: 'Give a warning to a person to handle' },
      type: Warning,
      args: {
        id,
        to: t.arg.string({ required: true, description: words('承办人账号', 'Whom') }),
      },
      resolve: (_, args, context, info) =>
        after(
          assignWarning(context.commands, { warningId: keyOf(args.id), to: args.to }),
          context,
          info,
        ),
    }),
    addWarningNote: t.field({
      ...{ grant, zh: '给预警加备注', en: 'Write a note into a warning' },
      type: Warning,
      args: { id, note: t.arg.string({ required: true, description: words('备注', 'Note') }) },
      resolve: (_, args, context, info) =>
        after(
          addWarningNote(context.commands, { warningId: keyOf(args.id), note: args.note }),
          context,
          info,
        ),
    }),
    proposeConclusion: t.field({
      ...{ grant, zh: '提出结论，待另一人复核', en: 'Propose a conclusion for another to confirm' },
      type: Warning,
      args: {
        id,
        conclusion: t.arg({
          type: Conclusion,
          required: true,
          description: words('结论', 'Conclusion'),
        }),
        reason,
      },
      resolve: (_, args, context, info) =>
        after(
          proposeConclusion(context.commands, {
            warningId: keyOf(args.id),
            conclusion: conclusionOf(args.conclusion),
            reason: args.reason,
          }),
          context,
          info,
        ),
    }),
    confirmConclusion: t.field({
      ...{ grant, zh: '复核确认结论；不能由提出人确认', en: 'Confirm; the proposer cannot' },
      type: Warning,
      args: { id },
      resolve: (_, args, context, info) =>
        after(confirmConclusion(context.commands, { warningId: keyOf(args.id) }), context, info),
    }),
    returnConclusion: t.field({
      ...{ grant, zh: '退回结论', en: 'Send a proposed conclusion back' },
      type: Warning,
      args: { id, reason },
      resolve: (_, args, context, info) =>
        after(
          returnConclusion(context.commands, { warningId: keyOf(args.id), reason: args.reason }),
          context,
          info,
        ),
    }),
  };
});
