/**
 * Pairs crossings into trips again for the persons whose crossings changed. A trip has the name both of
 * its crossings have, and none where they differ.
 */
import { pairing } from '../../../schema/trip/pairing.ts';
import type { Transaction } from '../../platform/database.ts';
import { kinOf } from './fact-sql.ts';
import { takeLock } from './locks.ts';

const COLUMNS = `person_id, id, known_from, known_to, feed_id, batch_id, ordinal, digest, document_no,
  document_kind, region, left_on, returned_on, is_private, is_complete, exit_crossing_id,
  entry_crossing_id, entry_batch_id, entry_ordinal`;

/** `persons` is a SELECT of person_id. */
export async function rebuildTrips(tx: Transaction, persons: string): Promise<void> {
  const current = `(select * from hub.crossing where known_to = 'infinity'
    and person_id in (select person_id from traveller))`;
  await tx.unsafe(`create temp table traveller on commit drop as select distinct person_id from (${persons}) s;
    analyze pg_temp.traveller`);
  const [any] = await tx`select 1 from traveller limit 1`;
  if (!any) return;
  await takeLock(tx, 'trips');
  await tx.unsafe('delete from hub.trip t using traveller s where t.person_id = s.person_id');
  const crossingOf = (half: 'exit' | 'entry') => `left join ${current} ${half}
    on ${half}.person_id = t.person_id and ${half}.id = t.${half}_crossing_id`;
  await tx.unsafe(`insert into hub.trip (${COLUMNS}, registered_name, managed_by, kin_managed_by)
    select ${COLUMNS.split(/,\s*/)
      .map((name) => `t.${name}`)
      .join(', ')}, t.registered_name, p.managed_by, kin.managed_by
    from (select t.*, case when exit.id is null or entry.id is null or exit.registered_name = entry.registered_name
        then coalesce(exit.registered_name, entry.registered_name) end as registered_name
      from (${pairing(current)}) t ${crossingOf('exit')} ${crossingOf('entry')}) t
    join hub.person p on p.person_id = t.person_id ${kinOf('t.person_id', 't.registered_name')}
    order by t.person_id, t.id`);
  await tx.unsafe('drop table traveller');
}
