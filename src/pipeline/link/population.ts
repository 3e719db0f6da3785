/**
 * Derives `person` from the roster and from kinship, for the persons these changed: who is in the
 * population, under which name, and which authorities manage them. Apart from that, whose authorities the
 * registers of a relative open (kin.ts). Rows of others are never made.
 */

import { FACT_TABLES, type FactTable, PERSON } from '../../../schema/fact-tables.ts';
import { bornOf, sexOf } from '../../../schema/person/identity-sql.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import { kinOf } from './fact-sql.ts';
import { DERIVE_KIN, KIN_CHANGES, WRITE_KIN } from './kin.ts';
import { FOLLOW_PERSONS } from './search.ts';

/** Names of the authorities a roster may name; another code stands for itself. */
const AUTHORITY_NAMES: Readonly<Record<string, string>> = {
  city: '市委组织部',
  county: '县委组织部',
};

/** Makes rows for authority codes the roster uses; in the order of the codes, so ids are stable. */
export async function addAuthorities(tx: Transaction, codes: readonly string[]): Promise<void> {
  for (const code of [...codes].sort()) {
    await tx`insert into hub.authority (code, name)
      select ${code}, ${AUTHORITY_NAMES[code] ?? code}
      where not exists (select 1 from hub.authority where code = ${code})`;
  }
}

/**
 * Whose row in `person` follows from changed facts `c`, and the columns besides the subject that say
 * so; a unit lends the row a name.
 */
const DERIVED_FROM: Readonly<Record<string, { column?: string; persons: string }>> = {
  official: { persons: 'select person_id from c' },
  kinship: {
    column: 'relative_id',
    persons: 'select person_id from c union select relative_id from c',
  },
  unit: {
    column: 'unit_code',
    persons: 'select person_id from hub.official where unit_code in (select unit_code from c)',
  },
};

/** Runs a statement over a fact table, named `f` in it, and notes what its changes bring with them. */
export function noted({ kind, subject, subjectColumn }: FactTable, statement: string, f: string) {
  const derived = DERIVED_FROM[kind];
  const also = derived?.column ? `, ${f}.${derived.column}` : '';
  return `with c as (${statement} returning ${f}.${subjectColumn}${also})
    ${derived ? `, a as (insert into affected ${derived.persons})` : ''}
    insert into changed select distinct '${subject}', ${subjectColumn}, '${kind}' from c`;
}

async function addMissingAuthorities(tx: Transaction) {
  const rows = await tx<{ code: string }[]>`
    select distinct o.authority_code as code from hub.official o
    where o.person_id in (select person_id from affected)
      and not exists (select 1 from hub.authority a where a.code = o.authority_code)`;
  if (rows.length > 0)
    await addAuthorities(
      tx,
      rows.map(({ code }) => code),
    );
}

/** An official's relatives are seen by the official's authorities, so they are derived with them. */
const WIDEN = `
  insert into affected select k.relative_id from hub.kinship k
    where k.person_id in (select person_id from affected);
  create temp table one on commit drop as select distinct person_id from affected;
  analyze pg_temp.one`;

const DERIVE = `
  create temp table derived on commit drop as
  with own as (
    select distinct on (o.person_id) o.* from hub.official o join one using (person_id)
    order by o.person_id, o.known_to desc, o.known_from desc, o.digest
  ), told as (
    select distinct on (k.relative_id) k.* from hub.kinship k join one on one.person_id = k.relative_id
    order by k.relative_id, k.known_to desc, k.known_from desc, k.digest
  ), authorities as (
    select o.person_id, array_agg(distinct a.authority_id order by a.authority_id) as managed_by
    from one join hub.official o using (person_id) join hub.authority a on a.code = o.authority_code
    where o.known_to = 'infinity' group by o.person_id
  ), units as (
    select distinct on (unit_code) unit_code, name from hub.unit
    order by unit_code, known_to desc, known_from desc, digest
  )
  select one.person_id, coalesce(own.name, told.relative_name) as name,
    coalesce(own.id_number, told.relative_id_number) as id_number,
    coalesce(own.sex, ${sexOf('coalesce(own.id_number, told.relative_id_number)')}) as sex,
    coalesce(own.born_on, told.relative_born_on,
      ${bornOf('coalesce(own.id_number, told.relative_id_number)')}) as born_on,
    coalesce(own.known_to = 'infinity', false) as is_official,
    own.level, own.unit_code, u.name as unit_name, own.post_title,
    coalesce(a.managed_by, '{}') as managed_by
  from one left join own on own.person_id = one.person_id left join told on told.relative_id = one.person_id
  left join authorities a on a.person_id = one.person_id
  left join units u on u.unit_code = own.unit_code
  where own.id is not null or told.relative_id is not null`;

const STATE =
  'name, id_number, sex, born_on, is_official, level, unit_code, unit_name, post_title, managed_by';

const state = (t: string) =>
  STATE.split(', ')
    .map((column) => `${t}.${column}`)
    .join(', ');

/** Who comes or leaves, and whether anybody's facts must follow to other authorities. */
const COMPARE = `
  create temp table entrant on commit drop as
    select d.person_id from derived d where not exists (
      select 1 from hub.person p where p.person_id = d.person_id)
    union
    select o.person_id from one o join hub.person p using (person_id)
    where not exists (select 1 from derived d where d.person_id = o.person_id);
  analyze pg_temp.entrant`;

const REACHES_FACTS = `
  select exists (select 1 from entrant) or exists (select 1 from derived d
    join hub.person p using (person_id) where p.managed_by <> d.managed_by) or ${KIN_CHANGES} as reaches`;

const WRITE = `
  insert into changed select '${PERSON}', person_id, '${PERSON}' from (
    select person_id from entrant union
    select d.person_id from derived d join hub.person p using (person_id)
    where (${state('d')}) is distinct from (${state('p')})) m;
  ${FOLLOW_PERSONS};
  delete from hub.person p using one o where p.person_id = o.person_id
    and not exists (select 1 from derived d where d.person_id = p.person_id);
  insert into hub.person as p (person_id, ${STATE})
    select person_id, ${STATE} from derived order by person_id
    on conflict (person_id) do update set ${STATE.split(', ')
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')}
    where (${state('p')}) is distinct from (${state('excluded')});
  ${WRITE_KIN}`;

/**
 * `none`: nobody is affected. `rows`: at most what a person's row says. `facts`: persons come or leave,
 * or move to other authorities, so facts of every feed must follow.
 */
export type Reach = 'none' | 'rows' | 'facts';

/**
 * Derives the affected persons, writing nothing yet. Afterwards `derived` holds their rows and
 * `entrant` who comes into the population or leaves it.
 */
export async function derivePopulation(tx: Transaction): Promise<Reach> {
  const [any] = await tx`select 1 from affected limit 1`;
  if (!any) return 'none';
  await addMissingAuthorities(tx);
  await tx.unsafe(WIDEN);
  await tx.unsafe(DERIVE);
  await tx.unsafe('analyze pg_temp.derived');
  await tx.unsafe(DERIVE_KIN);
  await tx.unsafe(COMPARE);
  const [row] = await tx.unsafe<{ reaches: boolean }[]>(REACHES_FACTS);
  return row?.reaches ? 'facts' : 'rows';
}

export async function writePopulation(tx: Transaction): Promise<void> {
  await tx.unsafe(WRITE);
  failpoint('link.after-population');
}

const spreadOwn = (kind: string) => `
  update hub.${kind} f set managed_by = p.managed_by
  from derived p where p.person_id = f.person_id and f.managed_by is distinct from p.managed_by`;

const spreadBoth = (kind: string) => `
  update hub.${kind} f set managed_by = w.own, kin_managed_by = w.kin from (
    select x.person_id, x.id, x.known_from, d.managed_by as own, kin.managed_by as kin
    from derived d join hub.${kind} x using (person_id) ${kinOf('x.person_id', 'x.registered_name')}
    where x.managed_by <> d.managed_by or x.kin_managed_by is distinct from kin.managed_by) w
  where f.person_id = w.person_id and f.id = w.id and f.known_from = w.known_from`;

/** Carries the authorities of the derived persons into these tables, own and through kinship. */
export async function spreadManagedBy(tx: Transaction, kinds: readonly string[]): Promise<void> {
  for (const kind of kinds) {
    // Trips are made of crossings, a register's too.
    const isRegister = FACT_TABLES.get(kind)?.isRegister ?? true;
    await tx.unsafe(isRegister ? spreadBoth(kind) : spreadOwn(kind));
  }
}
