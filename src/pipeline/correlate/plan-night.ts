/**
 * Decides before anything is evaluated: who is looked at, which rules can be judged on the data of
 * that date, and which of them must look at everyone although the night is a small one.
 */
import { createHash } from 'node:crypto';
import { HubError } from '../../base/errors.ts';
import type { Transaction } from '../../platform/database.ts';
import type { RuleDefinition } from '../../rules/kit/define-rule.ts';
import { ruleDigest } from '../../rules/kit/rule-digest.ts';
import { type ParameterValues, reachOf } from '../../rules/kit/snapshot.ts';
import { newestChange } from '../link/changes.ts';
import { parametersOf } from '../register-rules.ts';
import type { NightRequest, RuleState } from './outcome.ts';

export type LastNight = { nightId: string; asOf: string; lastChangeNo: number };

export type PlannedRule = {
  rule: RuleDefinition;
  values: ParameterValues;
  inputs: string;
  scope: 'everyone' | 'changed';
  /** Looks at one household at a time, across persons, or at the findings of the other rules. */
  kind: 'ordinary' | 'across' | 'stacking';
  /** Set where a feed keeps the rule from being judged. */
  blocked: { state: Extract<RuleState, 'stale' | 'not-checkable'>; zh: string; en: string } | null;
};

export type NightPlan = {
  mode: 'full' | 'delta';
  isRepeat: boolean;
  last: LastNight | null;
  lastChangeNo: number;
  rules: PlannedRule[];
};

/** The newest night that moved the present; repeats of older dates never stand before it. */
async function readLastNight(tx: Transaction): Promise<LastNight | null> {
  const [row] = await tx<LastNight[]>`
    select night_id as "nightId", as_of as "asOf", coalesce(last_change_no, 0)::float8 as "lastChangeNo"
    from hub.night where state = 'done' order by as_of desc, ended_at desc limit 1`;
  return row ?? null;
}

/** Parameter values in force on the date. A value of another type than the default is a mistake. */
export async function readParameters(tx: Transaction, rule: RuleDefinition, asOf: string) {
  const rows = await tx<{ name: string; value: unknown }[]>`
    select distinct on (name) name, value from hub.rule_parameter
    where rule_id = ${rule.id} and valid_from <= ${asOf} order by name, valid_from desc`;
  const stored = new Map(rows.map(({ name, value }) => [name, value]));
  return Object.fromEntries(
    Object.entries(parametersOf(rule)).map(([name, { default: fallback }]) => {
      const value = stored.get(name) ?? fallback;
      const isFine =
        typeof value === 'number'
          ? Number.isFinite(value)
          : ['string', 'boolean'].includes(typeof value);
      if (typeof value !== typeof fallback || !isFine) {
        throw new HubError('rule.manifest-invalid', { rule: rule.id, reason: `parameter ${name}` });
      }
      return [name, value as string | number | boolean];
    }),
  );
}

type FeedAge = {
  feedId: string;
  titleZh: string;
  titleEn: string;
  dataAsOf: string | null;
  isStale: boolean;
};

/** How old each feed's data were on the night's date, from the batches known then. */
async function readFeedAges(tx: Transaction, asOf: string): Promise<Map<string, FeedAge>> {
  const rows = await tx<FeedAge[]>`
    select f.feed_id as "feedId", f.title_zh as "titleZh", f.title_en as "titleEn", b.as_of as "dataAsOf",
      coalesce(b.as_of < ${asOf}::date - f.stale_after_days, false) as "isStale"
    from hub.feed f left join lateral (
      select max(as_of) as as_of from hub.batch x
      where x.feed_id = f.feed_id and x.state = 'linked' and x.as_of <= ${asOf}) b on true`;
  return new Map(rows.map((row) => [row.feedId, row]));
}

function blockedBy(rule: RuleDefinition, ages: Map<string, FeedAge>): PlannedRule['blocked'] {
  const missing = rule.feeds.filter((id) => !ages.get(id)?.dataAsOf);
  if (missing.length > 0) {
    const names = (key: 'titleZh' | 'titleEn') => missing.map((id) => ages.get(id)?.[key] ?? id);
    return {
      state: 'not-checkable',
      zh: `没有数据：${names('titleZh').join('、')}`,
      en: `No data: ${names('titleEn').join(', ')}`,
    };
  }
  const stale = rule.feeds.map((id) => ages.get(id)).filter((age) => age?.isStale);
  if (stale.length === 0) return null;
  return {
    state: 'stale',
    zh: `数据过期：${stale.map((age) => `${age?.titleZh}（${age?.dataAsOf}）`).join('、')}`,
    en: `Stale data: ${stale.map((age) => `${age?.titleEn} (${age?.dataAsOf})`).join(', ')}`,
  };
}

const inputsOf = (rule: RuleDefinition, values: ParameterValues) =>
  createHash('sha256')
    .update(JSON.stringify([rule.version, ruleDigest(rule), Object.entries(values).sort()]))
    .digest('hex');

/**
 * A rule may look only at what changed if it was evaluated last night with the same definition and
 * parameters; otherwise it missed something and looks at everyone once.
 */
async function rulesUpToDate(
  tx: Transaction,
  last: LastNight | null,
): Promise<Map<string, string>> {
  if (!last) return new Map();
  const rows = await tx<{ ruleId: string; inputs: string }[]>`
    select rule_id as "ruleId", inputs from hub.rule_run
    where night_id = ${last.nightId} and state = 'evaluated' and inputs is not null`;
  return new Map(rows.map(({ ruleId, inputs }) => [ruleId, inputs]));
}

const kindOf = (rule: RuleDefinition): PlannedRule['kind'] => {
  if (rule.isAfterOthers) return 'stacking';
  return reachOf(rule).isAcross ? 'across' : 'ordinary';
};

/** A rule that looked at everyone may complete anyone's stack: stacking is as wide as the widest. */
function widenStacking(planned: readonly PlannedRule[]) {
  const isWide = planned.some(({ blocked, scope }) => blocked === null && scope === 'everyone');
  for (const one of planned) if (isWide && one.kind === 'stacking') one.scope = 'everyone';
}

/** Two processes that plan the same night alike have the same rule book and may work on it together. */
export const planDigest = ({ rules }: NightPlan): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        rules.map(({ rule, inputs, scope, blocked }) => [rule.id, inputs, scope, blocked]),
      ),
    )
    .digest('hex');

export async function planNight(
  tx: Transaction,
  rules: readonly RuleDefinition[],
  { asOf, mode }: Pick<NightRequest, 'asOf' | 'mode'>,
): Promise<NightPlan> {
  const last = await readLastNight(tx);
  const isRepeat = last !== null && asOf < last.asOf;
  const isFull = mode === 'full' || last === null || isRepeat;
  const upToDate = await rulesUpToDate(tx, last);
  const ages = await readFeedAges(tx, asOf);
  const enabled = new Set(
    (await tx<{ ruleId: string }[]>`select rule_id as "ruleId" from hub.rule where is_enabled`).map(
      (row) => row.ruleId,
    ),
  );
  const planned: PlannedRule[] = [];
  for (const rule of rules.filter(({ id }) => enabled.has(id))) {
    const values = await readParameters(tx, rule, asOf);
    const inputs = inputsOf(rule, values);
    const scope = isFull || upToDate.get(rule.id) !== inputs ? 'everyone' : 'changed';
    planned.push({
      rule,
      values,
      inputs,
      scope,
      kind: kindOf(rule),
      blocked: blockedBy(rule, ages),
    });
  }
  widenStacking(planned);
  return {
    mode: isFull || planned.every(({ scope }) => scope === 'everyone') ? 'full' : 'delta',
    isRepeat,
    last,
    lastChangeNo: await newestChange(tx),
    rules: planned,
  };
}
