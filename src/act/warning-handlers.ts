/** Who may be given a warning to handle: said once, for the command and for the list that is shown. */
import { ROLES } from '../access/roles.ts';

const HANDLERS = Object.entries(ROLES).flatMap(([name, { grants }]) =>
  grants.some((grant) => grant === 'warning.handle') ? [name] : [],
);

/** Over a row `a` of `hub.actor`; the date and the warning's authorities are SQL. Roles are plain words. */
export const mayHandle = (a: string, today: string, authorities: string): string => `
  ${a}.is_enabled and ${today} between ${a}.valid_from and ${a}.valid_through
  and ${a}.roles && '{${HANDLERS.join(',')}}'::text[]
  and exists (select from hub.authority u where u.code = any(${a}.authorities)
    and u.authority_id = any(${authorities}))`;
