/**
 * The one place where an account gains anything. One person proposes, another grants. Where nobody
 * could second it (the console, while no other administrator is in force) it is granted at once:
 * that is how the first accounts come to be, and the history shows that one hand gave it.
 */
import type { Transaction } from '../platform/database.ts';
import {
  type ActorRow,
  ADMINISTRATOR,
  appendChange,
  type Changed,
  isConsole,
  type Rights,
} from './actor-row.ts';
import { checkRights, refuseTogether } from './check-rights.ts';
import type { CommandContext } from './command.ts';

const union = (held: readonly string[], more: readonly string[]) => [
  ...new Set([...held, ...more]),
];

/** Without what the account has already; undefined where nothing is left. */
function onlyNew(row: ActorRow, rights: Rights): Rights | undefined {
  const missing = {
    roles: rights.roles.filter((role) => !row.roles.includes(role)),
    authorities: rights.authorities.filter((code) => !row.authorities.includes(code)),
    validFrom: rights.validFrom === row.validFrom ? undefined : rights.validFrom,
    validThrough: rights.validThrough === row.validThrough ? undefined : rights.validThrough,
    enables: rights.enables === true && !row.isEnabled,
  };
  const { roles, authorities, validFrom, validThrough, enables } = missing;
  const isNothing = roles.length + authorities.length === 0 && !validFrom && !validThrough;
  return isNothing && !enables ? undefined : missing;
}

/** Whether the one at the console is the only one there is to ask. */
async function isAlone(tx: Transaction, { actor, clock }: CommandContext, actorId: string) {
  if (!isConsole(actor.id)) return false;
  const [other] = await tx`
    select 1 from hub.actor where ${ADMINISTRATOR} = any(roles) and is_enabled
      and actor_id <> ${actorId} and ${clock.today()}::date between valid_from and valid_through`;
  return !other;
}

/** Writes rights into a locked account; throws actor.exclusive-role. */
export async function applyRights(tx: Transaction, row: ActorRow, rights: Rights): Promise<void> {
  const roles = union(row.roles, rights.roles);
  refuseTogether(roles);
  await tx`
    update hub.actor set roles = ${roles}::text[],
      authorities = ${union(row.authorities, rights.authorities)}::text[],
      valid_from = ${rights.validFrom ?? row.validFrom}::date,
      valid_through = ${rights.validThrough ?? row.validThrough}::date,
      is_enabled = ${row.isEnabled || rights.enables === true}
    where actor_id = ${row.actorId}`;
}

/** Proposes rights for a locked account, or grants them where nobody could second it. */
export async function giveRights(
  tx: Transaction,
  context: CommandContext,
  { row, rights: asked, reason }: { row: ActorRow; rights: Rights; reason: string },
): Promise<Changed> {
  await checkRights(tx, asked);
  const rights = onlyNew(row, asked);
  if (!rights) return { actorId: row.actorId, kind: 'unchanged' };
  refuseTogether(union(row.roles, rights.roles));
  const change = { actorId: row.actorId, rights, reason };
  if (!(await isAlone(tx, context, row.actorId))) {
    return appendChange(tx, context, { ...change, kind: 'proposed' });
  }
  await applyRights(tx, row, rights);
  return appendChange(tx, context, { ...change, kind: 'granted' });
}
