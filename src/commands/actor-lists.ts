/** Accounts and their history as a terminal shows them; looking is on record, too. */
import { ROLES } from '../access/roles.ts';
import { type CommandContext, runCommand } from '../act/command.ts';
import { HubError } from '../base/errors.ts';

type Listed = {
  actorId: string;
  name: string;
  roles: string[];
  authorities: string[];
  isEnabled: boolean;
  validFrom: string;
  validThrough: string;
  proposals: number[];
};

type Change = Omit<Listed, 'name' | 'isEnabled' | 'proposals' | 'validFrom' | 'validThrough'> & {
  changeNo: string;
  at: Date;
  byId: string;
  kind: string;
  validFrom: string | null;
  validThrough: string | null;
  enables: boolean;
  proposalNo: string | null;
  reason: string;
};

const say = (line: string) => process.stdout.write(`${line}\n`);
const joined = (list: readonly string[]) => list.join(',') || '—';
const days = (from: string | null, through: string | null) =>
  [from, through].map((day) => (day === null || day.endsWith('infinity') ? '' : day)).join('…');

const read = <T>(
  context: CommandContext,
  name: string,
  rows: Parameters<typeof runCommand<T>>[1]['work'],
) => runCommand(context, { name, grant: 'actor.manage', work: rows });

/** One line each: account, name, roles, authorities, days, state, and proposals that wait. */
export async function printActors(context: CommandContext): Promise<void> {
  const rows = await read(
    context,
    'listActors',
    (tx) => tx<Listed[]>`
      select actor_id as "actorId", name, roles, authorities, is_enabled as "isEnabled",
        valid_from::text as "validFrom", valid_through::text as "validThrough",
        array(select p.change_no from hub.actor_change p
          where p.actor_id = a.actor_id and p.kind = 'proposed' and not exists (
            select from hub.actor_change d where d.proposal_no = p.change_no)
          order by 1)::text[] as proposals
      from hub.actor a order by actor_id`,
  );
  for (const row of rows) {
    const titles = row.roles.map((role) => `${role} ${ROLES[role]?.zh ?? ''}`.trim());
    const state = row.isEnabled ? '' : '停用 disabled';
    const waiting = row.proposals.length > 0 ? `待批 waiting: ${row.proposals.join(', ')}` : '';
    const columns = [joined(titles), joined(row.authorities)];
    const more = [days(row.validFrom, row.validThrough), state, waiting].filter(
      (text) => text !== '' && text !== '…',
    );
    say([row.actorId, row.name, ...columns, ...more].join('\t'));
  }
}

/** Oldest first: number, when, by whom, what, and why. */
export async function printHistory(context: CommandContext, actorId: string): Promise<void> {
  const rows = await read(
    context,
    'actorHistory',
    (tx) => tx<Change[]>`
      select change_no as "changeNo", actor_id as "actorId", at, by_id as "byId", kind, roles,
        authorities, valid_from::text as "validFrom", valid_through::text as "validThrough", enables,
        proposal_no as "proposalNo", reason
      from hub.actor_change where actor_id = ${actorId} order by change_no`,
  );
  if (rows.length === 0) throw new HubError('actor.unknown');
  for (const row of rows) {
    const what = [
      ...row.roles,
      ...row.authorities,
      row.validFrom || row.validThrough ? days(row.validFrom, row.validThrough) : '',
      row.enables ? 'enable' : '',
      row.proposalNo === null ? '' : `[${row.proposalNo}]`,
    ].filter((text) => text !== '');
    say(
      [row.changeNo, row.at.toISOString(), row.byId, row.kind, joined(what), row.reason].join('\t'),
    );
  }
}
