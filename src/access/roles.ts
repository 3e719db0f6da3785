/**
 * Roles are data: a file `roles/<name>.yml`, found by listing; adding one changes no other file. A
 * person with two roles may do what either allows and nothing more; no role inherits from another.
 * Which *rows* an actor sees is not decided here but by the authorities of the actor.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { invalid, parseOrRefuse } from '../base/invalid-setting.ts';
import { GRANTS, type Grant } from './grants.ts';

export type Role = {
  zh: string;
  en: string;
  grants: readonly Grant[];
  /** Whoever holds it holds no other. */
  isExclusive?: boolean | undefined;
};
export type RoleTable = Readonly<Record<string, Role>>;

const FOLDER = new URL('roles/', import.meta.url);
const SUFFIX = '.yml';

const roleFile = z.strictObject({
  zh: z.string().min(1),
  en: z.string().min(1),
  isExclusive: z.boolean().optional(),
  grants: z
    .array(z.enum(Object.keys(GRANTS) as [Grant, ...Grant[]]))
    .min(1)
    .refine((grants) => new Set(grants).size === grants.length, 'a grant is named twice'),
});

/** Row policies look for whole words in the actor's roles, so a name is one plain word. */
const NAME = /^[a-z]+$/;

/** What a role file says; refuses a misspelt grant, key or name, and names it. */
export function readRole(file: string, text: string): [name: string, role: Role] {
  const name = basename(file, SUFFIX);
  const at = `roles/${file}`;
  if (!NAME.test(name)) throw invalid(at, 'a role is named by one word of lower-case letters');
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw invalid(at, error.code);
  return [name, parseOrRefuse(roleFile, document.toJS(), at)];
}

/** Every role, by name. */
export const ROLES: RoleTable = Object.fromEntries(
  readdirSync(FOLDER)
    .sort()
    .map((file) => {
      if (!file.endsWith(SUFFIX)) throw invalid(`roles/${file}`, `a role ends in ${SUFFIX}`);
      return readRole(file, readFileSync(new URL(file, FOLDER), 'utf8'));
    }),
);

/** What these roles allow together; a role that is not in the table allows nothing. */
export function grantsOf(roles: readonly string[], table: RoleTable = ROLES): ReadonlySet<Grant> {
  return new Set(
    roles.flatMap((name) => (Object.hasOwn(table, name) ? (table[name]?.grants ?? []) : [])),
  );
}
