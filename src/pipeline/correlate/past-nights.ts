/**
 * What earlier nights leave to this one: the night to go on from, and per rule the newest date it has
 * spoken about. A night in which nothing was evaluated moved nothing and is passed over.
 */
import type { Transaction } from '../../platform/database.ts';

export type LastNight = { nightId: string; asOf: string; lastChangeNo: number };

export type PastNights = {
  /** The night done last, of those that moved the present. */
  last: LastNight | null;
  /** Rules evaluated in it: a fingerprint of definition and parameters by rule. */
  upToDate: ReadonlyMap<string, string>;
  /** Newest date for which a rule's findings were written; a rule asked about an older one repeats. */
  newest: ReadonlyMap<string, string>;
};

async function readLastNight(tx: Transaction): Promise<LastNight | null> {
  const [row] = await tx<LastNight[]>`
    select night_id as "nightId", as_of as "asOf", coalesce(last_change_no, 0)::float8 as "lastChangeNo"
    from hub.night where state = 'done' and not is_repeat and rules_evaluated > 0
    order by done_no desc limit 1`;
  return row ?? null;
}

/**
 * A rule may look only at what changed if it was evaluated last night with the same definition and
 * parameters; otherwise it missed something and looks at everyone once.
 */
async function rulesUpToDate(tx: Transaction, last: LastNight | null) {
  if (!last) return new Map<string, string>();
  const rows = await tx<{ ruleId: string; inputs: string }[]>`
    select rule_id as "ruleId", inputs from hub.rule_run
    where night_id = ${last.nightId} and state = 'evaluated' and not is_repeat and inputs is not null`;
  return new Map(rows.map(({ ruleId, inputs }) => [ruleId, inputs]));
}

export async function readPastNights(tx: Transaction): Promise<PastNights> {
  const last = await readLastNight(tx);
  const newest = await tx<{ ruleId: string; asOf: string }[]>`
    select r.rule_id as "ruleId", max(n.as_of) as "asOf"
    from hub.rule_run r join hub.night n using (night_id)
    where r.state = 'evaluated' and not r.is_repeat and n.state = 'done' group by r.rule_id`;
  return {
    last,
    upToDate: await rulesUpToDate(tx, last),
    newest: new Map(newest.map(({ ruleId, asOf }) => [ruleId, asOf])),
  };
}
