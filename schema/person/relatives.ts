/**
 * Relatives as rows. `person` shows officials to those who manage them and nobody else; who a relative is
 * says the official who declared them, so their row is made of that.
 */
import type { Rows, Writer } from '../../src/read/index.ts';
import { bornOf, foldedName, isUnder, sexOf } from './identity-sql.ts';
import { cadres } from './person-lists.ts';

/** The relative in a kinship row `k`, as a SELECT of the columns `Relative` reads. */
export const asDeclared = (k: string): string => `
  select ${k}.relative_id as person_id, ${k}.relative_name as name, ${k}.relative_id_number as id_number,
    ${sexOf(`${k}.relative_id_number`)} as sex,
    coalesce(${k}.relative_born_on, ${bornOf(`${k}.relative_id_number`)}) as born_on`;

/**
 * Who a register's row `p` is about: an official one may see, else a relative as one's own official
 * declared them, under the name the register has before any other.
 */
export function registeredPerson(p: string, r: string, w: Writer): Rows {
  const [o, k] = [w.alias(), w.alias()];
  const official = `select ${o}.person_id, ${o}.name, ${o}.id_number, ${o}.sex, ${o}.born_on, 0 as rank
    from ${cadres.table} ${o} where ${o}.person_id = ${p}.person_id
      and ${[...cadres.where(o), w.managed(o)].join(' and ')}`;
  const relative = `${asDeclared(k)},
      case when ${isUnder(`${p}.registered_name`, foldedName(`${k}.relative_name`))} then 1 else 2 end
    from hub.kinship ${k} where ${k}.relative_id = ${p}.person_id and ${k}.known_to = 'infinity'
      and ${w.managed(k)}`;
  return {
    from: `(${official} union all ${relative}) ${r}`,
    where: [],
    orderBy: `${r}.rank`,
    person: `${r}.person_id`,
  };
}
