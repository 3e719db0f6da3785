/**
 * How border crossings become trips: an exit is paired with the next crossing of the same person if
 * that one is an entry; whatever stays alone is an incomplete trip whose length nobody may read.
 * Text, so that the link stage (what is known today) and a rule (what was known on a date) pair alike.
 */

/** A private document; official ones are not the person's to declare. */
const PRIVATE_KINDS = `('passport', 'hk-macau-permit', 'taiwan-permit')`;

/**
 * SELECT of trips with the columns of `hub.trip`, except `managed_by`. `crossings` is a relation with
 * the columns of `hub.crossing`: a table name or a parenthesised SELECT. The same crossing reported
 * twice (same direction and minute) counts once.
 */
export const pairing = (crossings: string): string => `
  select x.person_id, coalesce(x.exit_id, x.entry_id) as id,
    greatest(x.exit_known, x.entry_known) as known_from, 'infinity'::date as known_to, x.feed_id,
    coalesce(x.exit_batch, x.entry_batch) as batch_id,
    coalesce(x.exit_ordinal, x.entry_ordinal) as ordinal,
    md5(concat_ws('|', x.exit_id, x.exit_digest, x.entry_id, x.entry_digest))::uuid as digest,
    x.document_no, x.document_kind, x.region, x.left_on, x.returned_on,
    x.document_kind in ${PRIVATE_KINDS} as is_private,
    x.exit_id is not null and x.entry_id is not null as is_complete,
    x.exit_id as exit_crossing_id, x.entry_id as entry_crossing_id,
    x.entry_batch as entry_batch_id, x.entry_ordinal::bigint as entry_ordinal
  from (
    select c.person_id, c.feed_id, c.document_no, c.document_kind,
      case when is_exit then c.id end as exit_id,
      case when is_exit then c.known_from end as exit_known,
      case when is_exit then c.batch_id end as exit_batch,
      case when is_exit then c.ordinal end as exit_ordinal,
      case when is_exit then c.digest end as exit_digest,
      case when is_exit then c.crossed_on end as left_on,
      case when not is_exit then c.id when follows then c.next_id end as entry_id,
      case when not is_exit then c.known_from when follows then c.next_known end as entry_known,
      case when not is_exit then c.batch_id when follows then c.next_batch end as entry_batch,
      case when not is_exit then c.ordinal when follows then c.next_ordinal end as entry_ordinal,
      case when not is_exit then c.digest when follows then c.next_digest end as entry_digest,
      case when not is_exit then c.crossed_on when follows then c.next_on end as returned_on,
      case when is_exit and c.region is null and follows then c.next_region else c.region end as region
    from (
      select d.*, d.direction = 'exit' as is_exit,
        d.direction = 'exit' and lead(d.direction) over w = 'entry' as follows,
        d.direction = 'entry' and lag(d.direction) over w = 'exit' as is_taken,
        lead(d.id) over w as next_id, lead(d.known_from) over w as next_known,
        lead(d.batch_id) over w as next_batch, lead(d.ordinal) over w as next_ordinal,
        lead(d.digest) over w as next_digest, lead(d.crossed_on) over w as next_on,
        lead(d.region) over w as next_region
      from (
        select distinct on (r.person_id, date_trunc('minute', r.crossed_at), r.direction) r.*,
          date_trunc('minute', r.crossed_at) as crossed_minute,
          (r.crossed_at at time zone 'Asia/Shanghai')::date as crossed_on
        from ${crossings} r
        order by r.person_id, date_trunc('minute', r.crossed_at), r.direction,
          r.known_from, r.crossed_at, r.id
      ) d
      -- The minute goes before the instant for speed alone: rows come sorted by it.
      window w as (partition by d.person_id order by d.crossed_minute, d.crossed_at, d.direction desc, d.id)
    ) c
    where not coalesce(c.is_taken, false)
  ) x`;
