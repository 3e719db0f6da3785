/** Commands on warnings. Each is a file in src/act; here only their words, grants and inputs. */
import type { Grant } from '../../src/access/grants.ts';
import { addWarningNote } from '../../src/act/add-warning-note.ts';
import { assignWarning } from '../../src/act/assign-warning.ts';
import { CONCLUSIONS } from '../../src/act/conclusions.ts';
import { confirmConclusion } from '../../src/act/confirm-conclusion.ts';
import { proposeConclusion } from '../../src/act/propose-conclusion.ts';
import { returnConclusion } from '../../src/act/return-conclusion.ts';
import type { Handled } from '../../src/act/warning-row.ts';
import { HubError } from '../../src/base/errors.ts';
import { builder, words } from '../builder.ts';
import { command, type Done } from '../command/command.ts';
import { Warning } from './warning.type.ts';
import { Conclusion } from './warning-lists.ts';

const PREFIX = 'Warning:';

/** The key in a warning's global id; any other id names no warning. */
const keyOf = (id: string): string => (id.startsWith(PREFIX) ? id.slice(PREFIX.length) : '');

function conclusionOf(key: string) {
  const found = Object.entries(CONCLUSIONS).find(([name]) => name === key);
  if (!found) throw new HubError('internal');
  return found[1][0];
}

builder.mutationType({ description: words('操作；全部留痕', 'Commands; every one is logged') });

const grant: Grant = 'warning.handle';
const of = {
  shows: {
    warning: {
      ...{ type: Warning, grant, zh: '预警的现状', en: 'The warning as it now stands' },
    },
  },
  asItIs: ({ id }: { id: string }) => ({ warning: id.startsWith(PREFIX) ? id : undefined }),
} as const;

const done = async (handled: Promise<Handled>): Promise<Done> => {
  const { row, isUnchanged } = await handled;
  return { ids: { warning: `${PREFIX}${row.warningId}` }, isUnchanged };
};

type Inputs = Parameters<Parameters<typeof command>[1]['input']>[0];
const idOf = (t: Inputs) =>
  t.id({ required: true, description: words('预警的全局编号', 'Global id of the warning') });
const reasonOf = (t: Inputs) => t.string({ required: true, description: words('理由', 'Reason') });

command('assignWarning', {
  ...{ grant, zh: '分办预警：交由某人办理', en: 'Give a warning to a person to handle' },
  ...of,
  input: (t) => ({
    id: idOf(t),
    to: t.string({
      required: true,
      description: words('承办人账号，见 assignableActors', 'Account, of assignableActors'),
    }),
  }),
  run: ({ id, to }, { commands }) => done(assignWarning(commands, { warningId: keyOf(id), to })),
});

command('addWarningNote', {
  ...{ grant, zh: '给预警加备注', en: 'Write a note into a warning' },
  ...of,
  input: (t) => ({
    id: idOf(t),
    note: t.string({ required: true, description: words('备注', 'Note') }),
  }),
  run: ({ id, note }, { commands }) =>
    done(addWarningNote(commands, { warningId: keyOf(id), note })),
});

command('proposeConclusion', {
  ...{ grant, zh: '提出结论，待另一人复核', en: 'Propose a conclusion for another to confirm' },
  ...of,
  input: (t) => ({
    id: idOf(t),
    conclusion: t.field({
      ...{ type: Conclusion, required: true, description: words('结论', 'Conclusion') },
    }),
    reason: reasonOf(t),
  }),
  run: ({ id, conclusion, reason }, { commands }) =>
    done(
      proposeConclusion(commands, {
        ...{ warningId: keyOf(id), conclusion: conclusionOf(conclusion), reason },
      }),
    ),
});

command('confirmConclusion', {
  ...{ grant, zh: '复核确认结论；不能由提出人确认', en: 'Confirm; the proposer cannot' },
  ...of,
  input: (t) => ({ id: idOf(t) }),
  run: ({ id }, { commands }) => done(confirmConclusion(commands, { warningId: keyOf(id) })),
});

command('returnConclusion', {
  ...{ grant, zh: '退回结论', en: 'Send a proposed conclusion back' },
  ...of,
  input: (t) => ({ id: idOf(t), reason: reasonOf(t) }),
  run: ({ id, reason }, { commands }) =>
    done(returnConclusion(commands, { warningId: keyOf(id), reason })),
});
