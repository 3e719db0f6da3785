/**
 * Makes the rule book known to the database: one row per rule, its parameters with their defaults.
 * A rule whose content changed under the same version is refused, because old warnings cite that
 * version. A parameter someone set is never overwritten; a new default is a new row from today.
 */
import { HubError } from '../base/errors.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Bilingual, Parameter, RuleDefinition } from '../rules/kit/define-rule.ts';
import { ruleDigest } from '../rules/kit/rule-digest.ts';
import { defaultsOf, type ParameterValues } from '../rules/kit/snapshot.ts';

/** Before any night: a first default holds for every date that can be repeated. */
const ALWAYS = '2000-01-01';

/**
 * Parameters every rule has besides its own: when more than this share of the officials looked at
 * would be asked about, the rule is taken for broken and its findings are held.
 */
export const SURGE_PARAMETERS: Readonly<Record<string, Parameter>> = {
  surgePercent: {
    default: 20,
    label: { zh: '暴增上限（占比对人数，%）', en: 'Surge limit (% of persons looked at)' },
    basis: '设计默认值：触发人数超过20%的规则视为失灵',
  },
  surgeLeast: {
    default: 50,
    label: { zh: '暴增判断的最少触发人数', en: 'Least number of persons for a surge' },
    basis: '设计默认值',
  },
};

export const parametersOf = (rule: RuleDefinition): Readonly<Record<string, Parameter>> => ({
  ...SURGE_PARAMETERS,
  ...rule.parameters,
});

/** The condition with the values filled in for `{parameter}`. */
export const conditionInWords = (rule: RuleDefinition, values: ParameterValues): Bilingual => {
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '—'));
  return { zh: fill(rule.condition.zh), en: fill(rule.condition.en) };
};

async function registerRule(tx: Transaction, rule: RuleDefinition, validFrom?: string) {
  const digest = ruleDigest(rule);
  const [known] = await tx<{ version: number; digest: string }[]>`
    select version, digest from hub.rule where rule_id = ${rule.id} for update`;
  const isChangedSilently = known?.version === rule.version && known.digest !== digest;
  if (known && (isChangedSilently || known.version > rule.version)) {
    throw new HubError('rule.changed-without-version', { rule: rule.id });
  }
  const condition = conditionInWords(rule, defaultsOf(rule));
  await tx`
    insert into hub.rule as r (rule_id, version, family, title_zh, title_en, condition_zh, condition_en,
      legal_basis, false_if, innocent, feeds, digest)
    values (${rule.id}, ${rule.version}, ${rule.family}, ${rule.title.zh}, ${rule.title.en},
      ${condition.zh}, ${condition.en}, ${tx.json([...rule.legalBasis])}, ${tx.json([...rule.falseIf])},
      ${tx.json([...rule.innocent])}, ${[...rule.feeds]}, ${digest})
    on conflict (rule_id) do update set version = excluded.version, family = excluded.family,
      title_zh = excluded.title_zh, title_en = excluded.title_en,
      condition_zh = case when r.digest = excluded.digest then r.condition_zh else excluded.condition_zh end,
      condition_en = case when r.digest = excluded.digest then r.condition_en else excluded.condition_en end,
      legal_basis = excluded.legal_basis, false_if = excluded.false_if,
      innocent = excluded.innocent, feeds = excluded.feeds, digest = excluded.digest`;
  for (const [name, parameter] of Object.entries(parametersOf(rule))) {
    await registerParameter(tx, rule.id, name, parameter, validFrom);
  }
}

/** Adds the default where it is new, or where the hub's own newest default differs from it. */
async function registerParameter(
  tx: Transaction,
  ruleId: string,
  name: string,
  { default: value, label, basis }: Parameter,
  validFrom?: string,
) {
  const [newest] = await tx<{ author: string; same: boolean }[]>`
    select author, value = ${tx.json(value)}::jsonb as same from hub.rule_parameter
    where rule_id = ${ruleId} and name = ${name} order by valid_from desc limit 1`;
  if (newest && (newest.same || newest.author !== 'hub')) return;
  const from = newest ? (validFrom ?? null) : ALWAYS;
  await tx`
    insert into hub.rule_parameter (rule_id, name, valid_from, value, label_zh, label_en, basis, author, reason)
    values (${ruleId}, ${name}, coalesce(${from}::date, current_date), ${tx.json(value)},
      ${label.zh}, ${label.en}, ${basis}, 'hub', 'default')
    on conflict (rule_id, name, valid_from) do update set value = excluded.value`;
}

/** Registers all rules in one transaction; `validFrom` dates defaults that replace older ones. */
export async function registerRules(
  sql: Sql,
  rules: readonly RuleDefinition[],
  { validFrom }: { validFrom?: string } = {},
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${0x1a7e_9b12})`;
    for (const rule of rules) await registerRule(tx, rule, validFrom);
  });
}
