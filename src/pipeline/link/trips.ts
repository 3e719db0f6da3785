/** Pairs crossings into trips again for the persons whose crossings changed. */
import { pairing } from '../../../schema/trip/pairing.ts';
import type { Transaction } from '../../platform/database.ts';
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
  await tx.unsafe(`insert into hub.trip (${COLUMNS}, managed_by)
    select ${COLUMNS.split(/,\s*/)
      .map((name) => `t.${name}`)
      .join(', ')}, p.managed_by
    from (${pairing(current)}) t join hub.person p on p.person_id = t.person_id
    order by t.person_id, t.id`);
  await tx.unsafe('drop table traveller');
}
