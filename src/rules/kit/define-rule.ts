/**
 * What a rule is: words, parameters and one SQL statement over a snapshot. Rules are pure: they
 * import no platform module and see the graph only through `Snapshot`, so that every rule reads what
 * was known on the night's date and nothing else.
 */
export type Bilingual = { zh: string; en: string };
export type Severity = 'red' | 'yellow' | 'blue';

export type Parameter = {
  default: number | string | boolean;
  label: Bilingual;
  /** Where the number comes from: law article, seed, or "设计默认值" for a design default. */
  basis: string;
};

export type Snapshot = {
  /**
   * Rows of a fact table as known on the night's date, of the persons in `household` (on a small night
   * nobody else's are there): `(select …)`, to be aliased by the caller.
   */
  at(table: string): string;
  /** The same of everybody, for findings about units and for `clock`. */
  everyone(table: string): string;
  /** Officials this run looks at: a table `scope(person_id, managed_by)`. A delta night has few. */
  readonly scope: 'scope';
  /**
   * The household (self, spouse, co-living children) of the officials in scope:
   * `household(official_id, member_id, relation, name, valid_from, valid_to)`, relation self | spouse
   * | child, validity half open and never null. A rule joins on the day it judges, so that an
   * ex-spouse's purchase after the divorce is nobody's.
   */
  readonly household: 'household';
  /**
   * Findings of this night, for rules that run after the others:
   * `found(rule_id, family, person_id, unit_code, period, severity, evidence)`.
   */
  readonly found: 'found';
  /** The night's date as a SQL expression of type date. */
  readonly asOf: string;
  /** A parameter in force on the night's date, as a SQL expression of its type. */
  param(name: string): string;
  /** SQL for one evidence item pointing at the delivered row of fact alias `t`. */
  evidence(t: string, item: EvidenceItem): string;
};

export type EvidenceItem = {
  label: Bilingual;
  /** SQL expressions of type text: the value in words for each language. */
  valueZh: string;
  valueEn: string;
  /** Background (income, the declaration form), not the fact asked about; stacking ignores it. */
  isContext?: boolean;
  /** What the fact is about where that is no person, e.g. `company`; the alias has `company_id`. */
  about?: string;
};

export type RuleDefinition = {
  /** Number in the rule catalogue, e.g. A01; equals the folder's name, upper case. */
  id: string;
  version: number;
  family:
    | 'declaration'
    | 'wealth'
    | 'vehicle'
    | 'travel'
    | 'tenure'
    | 'audit'
    | 'complaint'
    | 'cross-source';
  title: Bilingual;
  /** The question put to a person; `{name}` is filled from facts. Never a conclusion. */
  question: Bilingual;
  /** The condition in words; `{parameter}` is filled with the parameter's value. */
  condition: Bilingual;
  legalBasis: readonly Bilingual[];
  /** What would make the warning false. */
  falseIf: readonly Bilingual[];
  /** Known innocent explanations. */
  innocent: readonly Bilingual[];
  /** Feeds the rule reads; a stale or missing one makes it not checkable. */
  feeds: readonly string[];
  parameters: Readonly<Record<string, Parameter>>;
  /** Runs after the other rules of the same night and may read their findings (stacking). */
  isAfterOthers?: boolean;
  /**
   * One SELECT, one row per subject and period. Person findings look at `scope` only; unit findings
   * (person_id = NO_PERSON) look at everything, every night. Columns:
   *   person_id uuid, unit_code text ('' for persons), period text, severity text,
   *   facts jsonb  [{name, labelZh, labelEn, valueZh, valueEn}],
   *   evidence jsonb [{labelZh, labelEn, valueZh, valueEn, feedId, batchId, ordinal, asOf,
   *     subjectKind, subjectId}].
   */
  findings(s: Snapshot): string;
  /** Persons the rule cannot judge and why: columns person_id, period, reason_zh, reason_en. */
  gaps?(s: Snapshot): string;
  /**
   * Officials for whom passing time alone may change the answer between two nights: a SELECT of
   * person_id; `from` (exclusive) and `to` (inclusive) are SQL dates. It runs before the scope is
   * known, so it may use `everyone`, `asOf` and `param` only. Without it only changed facts wake the rule.
   */
  clock?(s: Snapshot, from: string, to: string): string;
};

export const defineRule = (rule: RuleDefinition): RuleDefinition => rule;
