/** What a name and an identity number say by themselves, as SQL. */

/** Sex and birth date as the ID number states them (GB 11643: digits 7–14 and 17). */
export const sexOf = (id: string): string =>
  `case when substr(${id}, 17, 1) in ('1','3','5','7','9') then 'male' when ${id} is not null then 'female' end`;
export const bornOf = (id: string): string => `case when ${id} ~ '^[0-9]{10}(0[1-9]|1[0-2])[0-9]{2}'
  then to_date(substr(${id}, 7, 6), 'YYYYMM') + (substr(${id}, 13, 2)::int - 1) end`;

/** The dots of foldName (connectors/kit/values/name.ts), which made the registers' names. */
const DOTS = '•‧∙⋅・．.';

/** A declared name in the form the registers' names are kept in; it has been tidied on its way in. */
export const foldedName = (name: string): string =>
  `upper(normalize(translate(replace(${name}, ' ', ''), '${DOTS}', '${'·'.repeat([...DOTS].length)}'), NFKC))`;

/**
 * Whether a register's name is the declared one, folded: what opens a relative's rows to the family's
 * authorities (src/pipeline/link) and lets rules read them (src/rules/kit/snapshot.ts). Otherwise a mistyped
 * number would make a stranger's home evidence. `declared` may be `any(…)` of several; a register that
 * gives no name agrees with none, for nothing but the number then says whose the row is.
 */
export const isUnder = (registered: string, declared: string): string =>
  `${registered} = ${declared}`;
