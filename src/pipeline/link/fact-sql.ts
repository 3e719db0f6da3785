/** SQL that turns a record's body into the columns of its fact table. */
import { NO_PERSON } from '../../base/person-key.ts';
import type { FactColumn, FactTable } from '../fact-tables.ts';

function cast({ field, type }: FactColumn): string {
  const name = `'${field.replaceAll("'", "''")}'`;
  if (type === 'text') return `r.body->>${name}`;
  if (type === 'text[]') {
    return `array(select jsonb_array_elements_text(case jsonb_typeof(r.body->${name})
      when 'array' then r.body->${name} else '[]' end))`;
  }
  return `(r.body->>${name})::${type}`;
}

/** Columns besides the fact's own frame, for an INSERT. */
export const bodyColumns = (table: FactTable): string =>
  table.columns.map(({ name }) => name).join(', ');

/** The same columns as expressions over record alias `r`. */
export const bodyValues = (table: FactTable): string => table.columns.map(cast).join(', ');

/** The columns every fact begins with; units have no person. */
export const frameColumns = ({ isAboutPerson }: FactTable): string =>
  `${isAboutPerson ? 'person_id, managed_by, ' : ''}id, known_from, known_to, feed_id, batch_id, ordinal, digest`;

/**
 * Who may have facts of this kind, as a condition on `person`: officials come from the roster,
 * kinship counts for officials only, everything else for the population only.
 */
export function gate({ kind, isAboutPerson }: FactTable, person: string): string {
  if (!isAboutPerson) return 'true';
  if (kind === 'official') return `${person} <> '${NO_PERSON}'`;
  const among = kind === 'kinship' ? 'hub.official' : 'hub.person';
  return `exists (select 1 from ${among} g where g.person_id = ${person})`;
}

/** Kinds whose rows make the population; their `managed_by` is filled once it is derived. */
export const MAKES_POPULATION: ReadonlySet<string> = new Set(['official', 'kinship']);
