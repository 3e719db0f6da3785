/**
 * Roles are data: adding one is adding an entry here. A person with two roles may do what either
 * allows and nothing more; no role inherits from another. Which *rows* an actor sees is not decided
 * here but by the authorities of the actor.
 */
import type { Grant } from './grants.ts';

export type Role = { zh: string; en: string; grants: readonly Grant[] };
export type RoleTable = Readonly<Record<string, Role>>;

export const ROLES = {
  analyst: {
    zh: '监督分析员',
    en: 'Analyst',
    grants: [
      'self.read',
      'cadre.read',
      'family.read',
      'asset.read',
      'travel.read',
      'income.read',
      'declaration.read',
      'audit.read',
      'petition.read',
      'warning.read',
      'evidence.read',
      'warning.handle',
      'rule.read',
      'source.read',
      'night.read',
    ],
  },
  operator: {
    zh: '数据运维员',
    en: 'Operator',
    grants: [
      'self.read',
      'rule.read',
      'source.read',
      'feed.operate',
      'quarantine.read',
      'night.read',
      'night.operate',
    ],
  },
} as const satisfies RoleTable;

/** What these roles allow together; a role that is not in the table allows nothing. */
export function grantsOf(roles: readonly string[], table: RoleTable = ROLES): ReadonlySet<Grant> {
  return new Set(
    roles.flatMap((name) => (Object.hasOwn(table, name) ? (table[name]?.grants ?? []) : [])),
  );
}
