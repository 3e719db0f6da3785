/**
 * hub actor …: accounts, from the installation's machine. The command acts as `console:<user>`, is on
 * record like any other change, and is one of the two people a grant needs; only where there is no
 * administrator to be the other one does its word count at once.
 */
import type { Changed } from '../act/actor-row.ts';
import { addActor } from '../act/add-actor.ts';
import type { CommandContext } from '../act/command.ts';
import { approveGrant, declineGrant } from '../act/decide-grant.ts';
import { disableActor } from '../act/disable-actor.ts';
import { grantActor } from '../act/grant-actor.ts';
import { revokeActor } from '../act/revoke-actor.ts';
import { printActors, printHistory } from './actor-lists.ts';
import { atConsole } from './at-console.ts';
import { dateOption, parse, UsageError } from './options.ts';

const OPTIONS = {
  name: { type: 'string' },
  role: { type: 'string', multiple: true },
  authority: { type: 'string', multiple: true },
  from: { type: 'string' },
  until: { type: 'string' },
  enable: { type: 'boolean' },
  reason: { type: 'string' },
} as const;

const HELP = `hub actor add <账号 account> --name <姓名> [--role analyst]… [--authority county]…
                [--from 2026-01-01] [--until 2026-12-31] --reason <理由>
hub actor grant <account> [--role …] [--authority …] [--from …] [--until <date>|never] [--enable] --reason …
hub actor revoke <account> [--role …] [--authority …] [--until …] --reason …
hub actor disable <account> --reason …
hub actor approve|decline <编号 number of the proposal> --reason …
hub actor list
hub actor history <account>

授权须两人：一人提出，另一人批准；本机命令行算其中一人。尚无系统管理员在岗时，命令行的授权立即生效。
A grant takes two people: one proposes, another approves; this command line is one of them. While no
administrator is in force, what the command line grants is in force at once.
`;

type Given = ReturnType<typeof parse<typeof OPTIONS>>['values'];

const required = (text: string | undefined, zh: string, en: string): string => {
  if (text === undefined || text.trim() === '') throw new UsageError(zh, en);
  return text;
};
const reasonOf = ({ reason }: Given) =>
  required(reason, '请用 --reason 写明理由', 'Say why with --reason');

const rightsOf = ({ role = [], authority = [], from, until, enable }: Given) => ({
  roles: role,
  authorities: authority,
  validFrom: dateOption('from', from),
  validThrough: until === 'never' ? 'infinity' : dateOption('until', until),
  enables: enable ?? false,
});

/** Each takes the account, or the number of a proposal, and tells what became of it. */
const CHANGES: Readonly<
  Record<string, (context: CommandContext, what: string, given: Given) => Promise<Changed>>
> = {
  add: (context, actorId, given) =>
    addActor(context, {
      actorId,
      name: required(given.name, '请用 --name 写明姓名', 'Give the name with --name'),
      rights: rightsOf(given),
      reason: reasonOf(given),
    }),
  grant: (context, actorId, given) =>
    grantActor(context, { actorId, rights: rightsOf(given), reason: reasonOf(given) }),
  revoke: (context, actorId, given) =>
    revokeActor(context, { actorId, ...rightsOf(given), reason: reasonOf(given) }),
  disable: (context, actorId, given) => disableActor(context, { actorId, reason: reasonOf(given) }),
  approve: (context, proposalNo, given) =>
    approveGrant(context, { proposalNo, reason: reasonOf(given) }),
  decline: (context, proposalNo, given) =>
    declineGrant(context, { proposalNo, reason: reasonOf(given) }),
};

const SAID: Readonly<Record<Changed['kind'], readonly [zh: string, en: string]>> = {
  unchanged: ['已是如此，没有变更', 'it was so already'],
  entered: ['已录入，尚无权限', 'entered, without any right yet'],
  proposed: [
    '已提出申请，待另一人批准（系统管理员，或由管理员提出时在本机 hub actor approve）',
    'proposed; another person approves it (an administrator; here: hub actor approve)',
  ],
  granted: ['授权已生效', 'granted, in force now'],
  declined: ['申请已退回', 'the proposal is declined'],
  revoked: ['已撤回，立即生效', 'revoked, in force now'],
  disabled: ['已停用，立即生效', 'disabled, in force now'],
};

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args, OPTIONS, 2);
  const [what = 'help', whom] = positionals;
  const change = Object.hasOwn(CHANGES, what) ? CHANGES[what] : undefined;
  if (what === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (!change && what !== 'list' && what !== 'history') {
    throw new UsageError(`hub actor 没有 ${what}`, `hub actor has no ${what}`);
  }
  await atConsole('hub-actor', values.reason, async (context) => {
    if (what === 'list') return printActors(context);
    const id = required(whom, '请写明账号或申请编号', 'Name the account or the proposal');
    if (change) return say(await change(context, id, values));
    return printHistory(context, id);
  });
  return 0;
}

function say({ actorId, kind, changeNo }: Changed) {
  const [zh, en] = SAID[kind];
  const number = changeNo === undefined ? '' : ` [${changeNo}]`;
  process.stdout.write(`${actorId}${number}: ${zh}。${en}.\n`);
}
