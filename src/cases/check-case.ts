/** What a case may name. A misspelt column in a near miss would otherwise pass for ever. */
import { HubError } from '../base/errors.ts';
import type { RuleCase } from '../rules/kit/cases.ts';
import type { FactKind, FactKinds } from './fact-kinds.ts';

/** Words of a row that are no columns: whose it is, and how often it stands there. */
const WORDS = new Set(['of', 'times']);
const SELF = 'self';

const list = (names: Iterable<string>): string => [...names].sort().join(', ');

/** Money may be given in 万元: `priceWan` for the field `priceFen`. */
export const fenFieldOf = (name: string): string | undefined =>
  name.endsWith('Wan') ? `${name.slice(0, -3)}Fen` : undefined;

/** Words by which a case may name people without introducing them. */
export const knownRoles = (kinds: FactKinds): Set<string> =>
  new Set([SELF, ...[...kinds.values()].flatMap(({ ordinary }) => Object.keys(ordinary.roles))]);

const knows = ({ fields, ordinary }: FactKind, name: string): boolean =>
  name !== ordinary.introduces && (fields.has(name) || fields.has(fenFieldOf(name) ?? ''));

/** Refuses unknown tables, columns and people with a sentence that names what there is. */
export function checkCase(kinds: FactKinds, ruleId: string, given: RuleCase): void {
  const refuse = (reason: string): never => {
    throw new HubError('rule.manifest-invalid', {
      rule: ruleId,
      reason: `case "${given.name}": ${reason}`,
    });
  };
  const kindOf = (table: string): FactKind =>
    kinds.get(table) ?? refuse(`there is no fact ${table}; there are: ${list(kinds.keys())}`);
  const people = new Set([...knownRoles(kinds), ...given.others]);
  for (const table of given.without) kindOf(table);
  for (const [table, row] of given.facts.flatMap((fact) => Object.entries(fact))) {
    const kind = kindOf(table);
    for (const name of Object.keys(row)) {
      if (WORDS.has(name) || knows(kind, name)) continue;
      refuse(`${table} has no column ${name}; it has: ${list(kind.fields.keys())}`);
    }
    const { of = SELF, times = 1 } = row;
    if (!people.has(String(of))) {
      refuse(`${table} is of ${of}, whom nobody knows; known: ${list(people)} (others: adds more)`);
    }
    if (!Number.isInteger(times) || Number(times) < 1) {
      refuse(`${table}: times must be a whole number above nought`);
    }
  }
}
