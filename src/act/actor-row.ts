/**
 * An account as commands see it: locked until the command commits, and its history, which only grows.
 * What takes rights away needs one person; what gives them needs two, of whom neither is the account's
 * own. The console of the installation counts as one person, whoever sits at it.
 */
import type { Actor } from '../access/actor.ts';
import { HubError } from '../base/errors.ts';
import type { Transaction } from '../platform/database.ts';
import type { CommandContext } from './command.ts';

/** Days are YYYY-MM-DD; `infinity` and `-infinity` where an account has no end or beginning. */
export type ActorRow = {
  actorId: string;
  roles: string[];
  authorities: string[];
  isEnabled: boolean;
  validFrom: string;
  validThrough: string;
};

/** What is given or taken; an absent day is left as it is. */
export type Rights = {
  roles: readonly string[];
  authorities: readonly string[];
  validFrom?: string | undefined;
  validThrough?: string | undefined;
  enables?: boolean | undefined;
};

export type ChangeKind = 'entered' | 'proposed' | 'declined' | 'granted' | 'revoked' | 'disabled';
/** What became of a command: nothing, where everything was so already. */
export type Changed = { actorId: string; kind: ChangeKind | 'unchanged'; changeNo?: number };

export const ADMINISTRATOR = 'administrator';
const CONSOLE = 'console:';

/** Whoever types commands on the installation's machine; no token can name it, for its colon. */
export const consoleActor = (user: string): Actor => ({
  id: `${CONSOLE}${user.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 40)}`,
  name: user,
  roles: [ADMINISTRATOR],
  authorities: [],
});

export const isConsole = (actorId: string): boolean => actorId.startsWith(CONSOLE);

/** Nobody changes their own account; the row policies say so again. */
export function refuseOwn({ actor }: CommandContext, actorId: string): void {
  if (actor.id === actorId) throw new HubError('actor.own-rights', { field: 'account' });
}

/** Locks an account of somebody else; throws actor.own-rights or actor.unknown. */
export async function lockActor(
  tx: Transaction,
  context: CommandContext,
  actorId: string,
): Promise<ActorRow> {
  refuseOwn(context, actorId);
  const [row] = await tx<ActorRow[]>`
    select actor_id as "actorId", roles, authorities, is_enabled as "isEnabled",
           valid_from::text as "validFrom", valid_through::text as "validThrough"
    from hub.actor where actor_id = ${actorId} for update`;
  if (!row) throw new HubError('actor.unknown', { field: 'account' });
  return row;
}

export type NewChange = {
  actorId: string;
  kind: ChangeKind;
  rights?: Rights | undefined;
  proposalNo?: number;
  reason: string;
};

/** Appends to an account's history; throws proposal.decided where somebody decided it first. */
export async function appendChange(
  tx: Transaction,
  { actor, clock }: CommandContext,
  { actorId, kind, rights, proposalNo, reason }: NewChange,
): Promise<Changed> {
  const { roles = [], authorities = [], validFrom, validThrough, enables } = rights ?? {};
  const [row] = await tx<{ changeNo: string }[]>`
    insert into hub.actor_change (actor_id, at, by_id, kind, roles, authorities, valid_from,
      valid_through, enables, proposal_no, reason)
    values (${actorId}, ${clock.now()}, ${actor.id}, ${kind}, ${[...roles]}::text[],
      ${[...authorities]}::text[], ${validFrom ?? null}::date, ${validThrough ?? null}::date,
      ${enables ?? false}, ${proposalNo ?? null}, ${reason})
    on conflict (proposal_no) do nothing
    returning change_no as "changeNo"`;
  if (!row) throw new HubError('proposal.decided', { field: 'proposal' });
  return { actorId, kind, changeNo: Number(row.changeNo) };
}
