/** SQL that turns a record's body into the columns of its fact table. */

import { type FactColumn, type FactTable, PERSON } from '../../../schema/fact-tables.ts';
import { isUnder } from '../../../schema/person/identity-sql.ts';
import { NO_PERSON } from '../../base/person-key.ts';

/** The orders of fields in which pages keep bodies of one kind. All agree until the table gains a column. */
export type Layouts = readonly (readonly string[])[];

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Where the field stands in a body of record alias `r`, in SQL; null where no page has it. */
function placeOf(field: string, kind: string, layouts: Layouts): string | null {
  const places = layouts.map((fields) => fields.indexOf(field));
  const [first = -1] = places;
  if (places.every((place) => place === first)) return first < 0 ? null : String(first);
  const cases = layouts.map((fields, n) => {
    const place = places[n] ?? -1;
    return `when ${literal(JSON.stringify(fields))} then ${place < 0 ? 'null' : place}`;
  });
  return `(case r.fields->${literal(kind)} ${cases.join(' ')} end)`;
}

function cast({ field, type }: FactColumn, kind: string, layouts: Layouts): string {
  const place = placeOf(field, kind, layouts);
  if (place === null) return type === 'text[]' ? `'{}'::text[]` : `null::${type}`;
  if (type === 'text') return `r.body->>${place}`;
  if (type === 'text[]') {
    return `array(select jsonb_array_elements_text(case jsonb_typeof(r.body->${place})
      when 'array' then r.body->${place} else '[]' end))`;
  }
  return `(r.body->>${place})::${type}`;
}

/** Columns besides the fact's own frame, for an INSERT. */
export const bodyColumns = (table: FactTable): string =>
  table.columns.map(({ name }) => name).join(', ');

/** The same columns as expressions over record alias `r`, which has `fields` and `body`. */
export const bodyValues = ({ kind, columns }: FactTable, layouts: Layouts): string =>
  columns.map((column) => cast(column, kind, layouts)).join(', ');

/** The columns every fact begins with; only facts about persons are managed by an authority. */
export const frameColumns = ({ subject, subjectColumn, isRegister }: FactTable): string =>
  `${subjectColumn}, ${subject === PERSON ? 'managed_by, ' : ''}${
    isRegister ? 'registered_name, kin_managed_by, ' : ''
  }id, known_from, known_to, feed_id, batch_id, ordinal, digest`;

/**
 * The subject, and what manages it: at first nobody where the population is still to be derived. `name`
 * is the registered name.
 */
export const frameValues = (table: FactTable, subject: string, name: string): string => {
  if (table.subject !== PERSON) return subject;
  const own = `${subject}, ${isManaged(table) ? 'p.managed_by' : `'{}'`}`;
  return table.isRegister ? `${own}, ${name}, kin.managed_by` : own;
};

/** The joins behind `frameValues`. */
export const frameJoins = (table: FactTable, subject: string, name: string): string =>
  [
    isManaged(table) ? `join hub.person p on p.person_id = ${subject}` : '',
    table.isRegister ? kinOf(subject, name) : '',
  ].join('\n');

/** Whose authorities see what a register holds of somebody, as `kin`: the names have to agree. */
export const kinOf = (subject: string, name: string): string =>
  `left join hub.kin_authority kin on kin.person_id = ${subject} and ${isUnder(name, 'kin.name')}`;

/** True where a fact takes its authorities from the person's row as it is inserted. */
export const isManaged = ({ kind, subject }: FactTable): boolean =>
  subject === PERSON && !MAKES_POPULATION.has(kind);

/**
 * About whom facts of this kind may be, as a condition on `subject`: officials come from the roster,
 * kinship counts for officials only, everything else about a person for the population only. What is
 * about no person is taken as it comes.
 */
export function gate({ kind, subject }: FactTable, id: string): string {
  if (kind === 'official' || subject !== PERSON) return `${id} <> '${NO_PERSON}'`;
  const among = kind === 'kinship' ? 'hub.official' : 'hub.person';
  return `exists (select 1 from ${among} g where g.person_id = ${id})`;
}

/** Kinds whose rows make the population; their `managed_by` is filled once it is derived. */
export const MAKES_POPULATION: ReadonlySet<string> = new Set(['official', 'kinship']);
