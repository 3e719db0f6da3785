/** Takes roles or authorities from an account, or ends it earlier: at once, and by one person. */
import { HubError } from '../base/errors.ts';
import { appendChange, type Changed, lockActor } from './actor-row.ts';
import { checkRights } from './check-rights.ts';
import { checkText } from './check-text.ts';
import { type CommandContext, runCommand } from './command.ts';

export type RevokeActor = {
  actorId: string;
  roles: readonly string[];
  authorities: readonly string[];
  /** The new last day; a later one than it has would give something, and is refused. */
  validThrough?: string | undefined;
  reason: string;
};

export const revokeActor = (
  context: CommandContext,
  { actorId, roles, authorities, validThrough, reason }: RevokeActor,
): Promise<Changed> =>
  runCommand(context, {
    name: 'revokeActor',
    grant: 'actor.manage',
    async work(tx) {
      const why = checkText(reason, 'reason');
      const row = await lockActor(tx, context, actorId);
      await checkRights(tx, { roles: [], authorities: [], validThrough });
      const rights = {
        roles: row.roles.filter((role) => roles.includes(role)),
        authorities: row.authorities.filter((code) => authorities.includes(code)),
        validThrough: validThrough === row.validThrough ? undefined : validThrough,
      };
      if (rights.validThrough !== undefined && isLater(rights.validThrough, row.validThrough)) {
        throw new HubError('actor.revoke-extends', { field: 'validThrough' });
      }
      const { length } = [...rights.roles, ...rights.authorities];
      if (length === 0 && !rights.validThrough) return { actorId, kind: 'unchanged' };
      await tx`
        update hub.actor set
          roles = ${row.roles.filter((role) => !roles.includes(role))}::text[],
          authorities = ${row.authorities.filter((code) => !authorities.includes(code))}::text[],
          valid_through = ${rights.validThrough ?? row.validThrough}::date
        where actor_id = ${actorId}`;
      return appendChange(tx, context, { actorId, kind: 'revoked', rights, reason: why });
    },
  });

const isLater = (day: string, than: string) =>
  than !== 'infinity' && (day === 'infinity' || day > than);
