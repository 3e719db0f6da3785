/**
 * What the rules of one part have in common (the income of households, pairs of crossings, stretches of
 * posts), kept in temporary tables: the first rule that needs one makes it, in its own savepoint, and
 * the others read it.
 */
import { createHash } from 'node:crypto';
import type { Snapshot } from '../../rules/kit/define-rule.ts';

export type SharedTables = {
  /** To be given to a snapshot. */
  shared: Snapshot['shared'];
  /** SQL that makes what has been asked for and is not there yet. */
  toMake(): string;
  /** Says whether what `toMake` gave is there now, or went with its savepoint. */
  settle(isMade: boolean): void;
};

export function sharedTables(): SharedTables {
  const made = new Set<string>();
  const wanted = new Map<string, string>();
  return {
    shared(name, select, where = 'true') {
      const table = `shared_${name}_${createHash('md5').update(select).digest('hex').slice(0, 12)}`;
      if (!made.has(table)) wanted.set(table, select);
      return `${name} as not materialized (select * from pg_temp.${table} h where ${where})`;
    },
    toMake: () =>
      [...wanted]
        .map(
          ([table, select]) =>
            `create temp table ${table} on commit drop as ${select}; analyze pg_temp.${table};`,
        )
        .join('\n'),
    settle(isMade) {
      if (isMade) for (const table of wanted.keys()) made.add(table);
      wanted.clear();
    },
  };
}
