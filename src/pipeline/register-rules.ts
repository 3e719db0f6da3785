/**
 * Makes the rule book known to the database, in a few statements however many rules there are: one row
 * per rule, one per version that warnings may cite, its parameters with their defaults. Rules whose
 * content changed under the same version are refused, all in one sentence. A parameter someone set is
 * never overwritten; a new default is a new row from today.
 */
import { HubError } from '../base/errors.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Bilingual, Parameter, RuleDefinition } from '../rules/kit/define-rule.ts';
import { ruleDigest } from '../rules/kit/rule-digest.ts';
import { defaultsOf, type ParameterValues } from '../rules/kit/snapshot.ts';
import { asKnown, inWords, type KnownRule, silentChanges, toBump } from '../rules/versions.ts';

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

/** What the database holds of each rule. */
export async function readKnownRules(sql: Sql | Transaction): Promise<Map<string, KnownRule>> {
  const rows = await sql<(KnownRule & { id: string })[]>`
    select rule_id as id, version, kit_version as "kitVersion", source, asked from hub.rule`;
  return new Map(rows.map(({ id, ...known }) => [id, known]));
}

function refuseSilentChanges(
  rules: readonly RuleDefinition[],
  known: ReadonlyMap<string, KnownRule>,
) {
  const changes = silentChanges(rules, known);
  if (changes.length === 0) return;
  throw new HubError('rule.changed-without-version', {
    changed: inWords(changes),
    ids: toBump(changes).join(' '),
  });
}

const rowOf = (rule: RuleDefinition) => {
  const condition = conditionInWords(rule, defaultsOf(rule));
  return {
    rule_id: rule.id,
    version: rule.version,
    family: rule.family,
    title_zh: rule.title.zh,
    title_en: rule.title.en,
    condition_zh: condition.zh,
    condition_en: condition.en,
    legal_basis: rule.legalBasis,
    false_if: rule.falseIf,
    innocent: rule.innocent,
    feeds: rule.feeds,
    digest: ruleDigest(rule),
    kit_version: rule.kitVersion,
    source: rule.source,
    asked: asKnown(rule).asked,
    question: rule.question,
    condition: rule.condition,
  };
};

async function writeRules(tx: Transaction, rules: readonly RuleDefinition[]) {
  const rows = tx.json(rules.map(rowOf));
  await tx`
    insert into hub.rule as r (rule_id, version, family, title_zh, title_en, condition_zh, condition_en,
      legal_basis, false_if, innocent, feeds, digest, kit_version, source, asked)
    select rule_id, version, family, title_zh, title_en, condition_zh, condition_en,
      legal_basis, false_if, innocent, feeds, digest, kit_version, source, asked
    from jsonb_populate_recordset(null::hub.rule, ${rows}::jsonb)
    on conflict (rule_id) do update set version = excluded.version, family = excluded.family,
      title_zh = excluded.title_zh, title_en = excluded.title_en,
      condition_zh = case when r.digest = excluded.digest then r.condition_zh else excluded.condition_zh end,
      condition_en = case when r.digest = excluded.digest then r.condition_en else excluded.condition_en end,
      legal_basis = excluded.legal_basis, false_if = excluded.false_if,
      innocent = excluded.innocent, feeds = excluded.feeds, digest = excluded.digest,
      kit_version = excluded.kit_version, source = excluded.source, asked = excluded.asked`;
  await tx`
    insert into hub.rule_version (rule_id, version, kit_version, digest, question, condition)
    select rule_id, version, kit_version, digest, question, condition
    from jsonb_populate_recordset(null::hub.rule_version, ${rows}::jsonb)
    on conflict (rule_id, version, kit_version) do nothing`;
}

/** Adds a default where it is new, or where the hub's own newest default differs from it. */
async function writeParameters(
  tx: Transaction,
  rules: readonly RuleDefinition[],
  validFrom: string | undefined,
) {
  const defaults = rules.flatMap((rule) =>
    Object.entries(parametersOf(rule)).map(([name, { default: value, label, basis }]) => ({
      rule_id: rule.id,
      name,
      value,
      label_zh: label.zh,
      label_en: label.en,
      basis,
    })),
  );
  await tx`
    insert into hub.rule_parameter (rule_id, name, valid_from, value, label_zh, label_en, basis, author, reason)
    select d.rule_id, d.name,
      case when newest.author is null then ${ALWAYS}::date else coalesce(${validFrom ?? null}::date, current_date) end,
      d.value, d.label_zh, d.label_en, d.basis, 'hub', 'default'
    from jsonb_populate_recordset(null::hub.rule_parameter, ${tx.json(defaults)}::jsonb) d
    left join (
      select distinct on (rule_id, name) rule_id, name, author, value from hub.rule_parameter
      order by rule_id, name, valid_from desc) newest using (rule_id, name)
    where newest.author is null or (newest.author = 'hub' and newest.value <> d.value)
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
    refuseSilentChanges(rules, await readKnownRules(tx));
    await writeRules(tx, rules);
    await writeParameters(tx, rules, validFrom);
  });
}
