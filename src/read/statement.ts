/**
 * The finished statement. It answers only if the connection carries the settings of this very actor
 * (otherwise no row comes back and nothing is handed out), and it says whether every cursor in it
 * named a visible row.
 */
import type { FieldNode, GraphQLObjectType } from 'graphql';
import { SETTING_NAMES } from '../access/actor.ts';
import { type Bound, type Compilation, settingPlaceholder } from './compilation.ts';
import { columnsOf, objectJson } from './compile-object.ts';

export type Statement = {
  text: string;
  bounds: readonly Bound[];
  /** Objects of its answer say whose rows they are. */
  hasPersons: boolean;
};

const checkActor = (c: Compilation): string =>
  SETTING_NAMES.map((_, n) => n as 0 | 1 | 2 | 3)
    .map((n) => `current_setting('${SETTING_NAMES[n]}', true) = ${settingPlaceholder(c, n)}`)
    .join(' and ');

/** Wraps the SELECT of one JSON value (column `j`). */
export function finish(c: Compilation, select: string): Statement {
  const isPlaced = c.cursorChecks.length === 0 ? 'true' : c.cursorChecks.join(' and ');
  const text = `select (${select})::text as data, (${isPlaced}) as placed where ${checkActor(c)}`;
  return { ...withoutUnused(text, c.bounds), hasPersons: c.hasPersons };
}

/**
 * PostgreSQL refuses a statement whose text lacks one of its parameters, and a filter is bound even
 * where only `totalCount` uses it. GraphQL names hold no `$`, so every `$n` is a placeholder.
 */
function withoutUnused(text: string, bounds: readonly Bound[]): Omit<Statement, 'hasPersons'> {
  const kept: Bound[] = [];
  const numbers = new Map<string, string>();
  const renumbered = text.replaceAll(/\$(\d+)/g, (_, number: string) => {
    const bound = bounds[Number(number) - 1];
    const known = numbers.get(number);
    if (known !== undefined || bound === undefined) return known ?? '';
    const fresh = `$${kept.push(bound)}`;
    numbers.set(number, fresh);
    return fresh;
  });
  return { text: renumbered, bounds: kept };
}

/** One statement for all these root fields. */
export const rootStatement = (
  c: Compilation,
  type: GraphQLObjectType,
  fields: ReadonlyMap<string, readonly FieldNode[]>,
): Statement => finish(c, objectJson(columnsOf(c, type, fields, { t: '' }), ''));
