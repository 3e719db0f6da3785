/**
 * Decides before anything is evaluated: who is looked at, which rules can be judged on the data of
 * that date, and which of them must look at everyone although the night is a small one.
 */
import { createHash } from 'node:crypto';
import { HubError } from '../../base/errors.ts';
import type { Transaction } from '../../platform/database.ts';
import type { RuleDefinition } from '../../rules/kit/define-rule.ts';
import { ruleDigest } from '../../rules/kit/rule-digest.ts';
import { type ParameterValues, readAcross } from '../../rules/kit/snapshot.ts';
import { newestChange } from '../link/changes.ts';
import { parametersOf } from '../register-rules.ts';
import type { NightRequest, RuleState } from './outcome.ts';
import { type LastNight, readPastNights } from './past-nights.ts';

export type PlannedRule = {
  rule: RuleDefinition;
  values: ParameterValues;
  inputs: string;
  scope: 'everyone' | 'changed';
  /** Looks at one family at a time, across persons, or at the findings of the other rules. */
  kind: 'ordinary' | 'across' | 'stacking';
  /** The rule has spoken about a later date: it is evaluated and compared, and changes nothing. */
  isRepeat: boolean;
  /** Set where a feed keeps the rule from being judged. */
  blocked: { state: Extract<RuleState, 'stale' | 'not-checkable'>; zh: string; en: string } | null;
};

export type NightPlan = {
  mode: 'full' | 'delta';
  /** Every rule repeats: the night changes no finding and no warning. */
  isRepeat: boolean;
  last: LastNight | null;
  lastChangeNo: number;
  rules: PlannedRule[];
};

/** Values somebody set, in force on the date, by rule and name. */
async function readParameters(tx: Transaction, asOf: string) {
  const rows = await tx<{ ruleId: string; name: string; value: unknown }[]>`
    select distinct on (rule_id, name) rule_id as "ruleId", name, value from hub.rule_parameter
    where valid_from <= ${asOf} order by rule_id, name, valid_from desc`;
  const stored = new Map(rows.map(({ ruleId, name, value }) => [`${ruleId} ${name}`, value]));
  return (rule: RuleDefinition) => valuesOf(rule, stored);
}

/** A value of another type than the default is a mistake. */
function valuesOf(rule: RuleDefinition, stored: ReadonlyMap<string, unknown>): ParameterValues {
  return Object.fromEntries(
    Object.entries(parametersOf(rule)).map(([name, { default: fallback }]) => {
      const value = stored.get(`${rule.id} ${name}`) ?? fallback;
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

const kindOf = (rule: RuleDefinition): PlannedRule['kind'] => {
  if (rule.isAfterOthers) return 'stacking';
  return readAcross(rule).size > 0 ? 'across' : 'ordinary';
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

async function readEnabled(tx: Transaction): Promise<Set<string>> {
  const rows = await tx<{ ruleId: string }[]>`
    select rule_id as "ruleId" from hub.rule where is_enabled`;
  return new Set(rows.map(({ ruleId }) => ruleId));
}

const NOTHING_TO_STACK = {
  state: 'stale',
  zh: '没有其他规则得到评估，无可叠加',
  en: 'No other rule was evaluated, so there is nothing to stack',
} as const;

/** Rules that stack go with the others: they repeat with all of them, and say nothing on nothing. */
function alignStacking(planned: readonly PlannedRule[]) {
  const others = planned.filter(({ kind }) => kind !== 'stacking');
  if (others.length === 0) return;
  const judged = others.filter(({ blocked }) => blocked === null);
  const isRepeat = judged.every((one) => one.isRepeat);
  for (const one of planned.filter(({ kind }) => kind === 'stacking')) {
    if (judged.length === 0) one.blocked ??= NOTHING_TO_STACK;
    else one.isRepeat = isRepeat;
  }
}

export async function planNight(
  tx: Transaction,
  rules: readonly RuleDefinition[],
  { asOf, mode }: Pick<NightRequest, 'asOf' | 'mode'>,
): Promise<NightPlan> {
  const { last, upToDate, newest } = await readPastNights(tx);
  const isFull = mode === 'full' || last === null;
  const ages = await readFeedAges(tx, asOf);
  const enabled = await readEnabled(tx);
  const valuesFor = await readParameters(tx, asOf);
  const planned = rules
    .filter(({ id }) => enabled.has(id))
    .map((rule): PlannedRule => {
      const values = valuesFor(rule);
      const inputs = inputsOf(rule, values);
      const isRepeat = asOf < (newest.get(rule.id) ?? '');
      const isNew = isFull || isRepeat || upToDate.get(rule.id) !== inputs;
      return {
        ...{ rule, values, inputs, isRepeat, kind: kindOf(rule) },
        scope: isNew ? 'everyone' : 'changed',
        blocked: blockedBy(rule, ages),
      };
    });
  alignStacking(planned);
  widenStacking(planned);
  const judged = planned.filter(({ blocked }) => blocked === null);
  return {
    mode: isFull || planned.every(({ scope }) => scope === 'everyone') ? 'full' : 'delta',
    isRepeat: judged.length > 0 && judged.every(({ isRepeat }) => isRepeat),
    last,
    lastChangeNo: await newestChange(tx),
    rules: planned,
  };
}
