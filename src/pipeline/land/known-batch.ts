/**
 * Whether a delivery is here already. The same bytes for the same date and sequence are, under whatever
 * name. Not where other bytes came under their own name since: then the department took a correction
 * back, which is news. Nor, of a full register, for another date: that it was the same that day too is
 * news. A delta tells what changed, so an old one under a new date is sent twice and tells nothing: taken
 * for news it would undo the corrections made since.
 */
import type { Sql } from '../../platform/database.ts';
import type { Delivery } from '../../transports/delivery.ts';

type Arriving = Pick<Delivery, 'name' | 'digest' | 'asOf' | 'sequence'>;

/** The batch it was, if any. */
export async function knownBatch(
  sql: Sql,
  feedId: string,
  { name, digest, asOf, sequence }: Arriving,
): Promise<number | undefined> {
  const [row] = await sql<{ id: string }[]>`
    with there as (
      select batch_id, payload_name, payload_digest, as_of, sequence from hub.batch
      where feed_id = ${feedId} and (mode = 'delta' or (as_of = ${asOf} and sequence = ${sequence}))
    ), named as (
      select payload_digest from there
      where payload_name = ${name} and as_of = ${asOf} and sequence = ${sequence}
      order by batch_id desc limit 1
    )
    select batch_id as id from there
    where payload_digest = ${digest}
      and not exists (select 1 from named where payload_digest <> ${digest})
    order by batch_id desc limit 1`;
  return row && Number(row.id);
}
