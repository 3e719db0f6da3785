/**
 * Whose authorities the registers of a relative open: for each name an official declared the relative
 * under, the authorities that manage such officials. A fact of a register takes those of its own name.
 */

import { foldedName } from '../../../schema/person/identity-sql.ts';

/** Over the persons in `one`. */
export const DERIVE_KIN = `
  create temp table kin_derived on commit drop as
  select k.relative_id as person_id, ${foldedName('k.relative_name')} as name,
    array_agg(distinct a.authority_id order by a.authority_id) as managed_by
  from one join hub.kinship k on k.relative_id = one.person_id and k.known_to = 'infinity'
  join hub.official o on o.person_id = k.person_id and o.known_to = 'infinity'
  join hub.authority a on a.code = o.authority_code
  group by 1, 2;
  analyze pg_temp.kin_derived`;

/** Whether that differs from what is kept. */
export const KIN_CHANGES = `exists (
  select 1 from kin_derived d full join (select k.* from one join hub.kin_authority k using (person_id)) k
    using (person_id, name) where d.managed_by is distinct from k.managed_by)`;

export const WRITE_KIN = `
  delete from hub.kin_authority k using one o where k.person_id = o.person_id and not exists (
    select 1 from kin_derived d where d.person_id = k.person_id and d.name = k.name);
  insert into hub.kin_authority as k (person_id, name, managed_by)
    select person_id, name, managed_by from kin_derived
    on conflict (person_id, name) do update set managed_by = excluded.managed_by
    where k.managed_by <> excluded.managed_by`;
