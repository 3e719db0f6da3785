/**
 * When a warning was last seen. A night that finds the same writes nothing about it, so while a warning
 * has not lapsed it was seen on the newest date its rule speaks of.
 */

/** A date, as an expression over a row of `hub.warning`. */
export const lastSeenOn = (row: string): string => `
  case when ${row}.lapsed_on is null then greatest(${row}.last_seen_on,
    (select seen_by.evaluated_on from hub.rule seen_by where seen_by.rule_id = ${row}.rule_id))
  else ${row}.last_seen_on end`;
