/** What may be written into an account: ids, roles and authorities that exist, and who may have which together. */
import { ROLES } from '../access/roles.ts';
import { HubError } from '../base/errors.ts';
import { isCalendarDate } from '../base/settings.ts';
import type { Transaction } from '../platform/database.ts';
import type { Rights } from './actor-row.ts';

/** As tokens may name one (src/api/sign-in.ts), and no number of a person: it stands in every log entry. */
const ACTOR_ID = /^(?!.*\d{11})[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const AUTHORITY = /^[A-Za-z0-9._-]{1,64}$/;
export const LONGEST_NAME = 60;

export function checkActorId(actorId: string): string {
  if (!ACTOR_ID.test(actorId)) throw new HubError('actor.malformed-id', { field: 'account' });
  return actorId;
}

const isDay = (text: string | undefined) =>
  text === undefined || text === 'infinity' || isCalendarDate(text);

/** Refuses what names no role, no authority or no day. Before the first roster no authority is known. */
export async function checkRights(tx: Transaction, rights: Rights): Promise<void> {
  const { roles, authorities, validFrom, validThrough } = rights;
  if (roles.some((role) => !Object.hasOwn(ROLES, role))) {
    throw new HubError('actor.unknown-role', {
      roles: Object.keys(ROLES).join(', '),
      field: 'roles',
    });
  }
  for (const [field, day] of Object.entries({ validFrom, validThrough })) {
    if (!isDay(day)) throw new HubError('date.malformed', { field });
  }
  const rows = await tx<{ code: string }[]>`select code from hub.authority order by code`;
  const known = rows.map(({ code }) => code);
  const isKnown = (code: string) =>
    AUTHORITY.test(code) && (known.length === 0 || known.includes(code));
  if (!authorities.every(isKnown)) {
    const names = known.join(', ') || '—';
    throw new HubError('actor.unknown-authority', { authorities: names, field: 'authorities' });
  }
}

/** Who gives rights to look holds none to look. */
export function refuseTogether(roles: readonly string[]): void {
  if (roles.length > 1 && roles.some((role) => ROLES[role]?.isExclusive)) {
    throw new HubError('actor.exclusive-role', { field: 'roles' });
  }
}
