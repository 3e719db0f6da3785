/**
 * What a rule is: words, parameters (rule.yml) and one SQL statement over a snapshot (rule.ts). Rules
 * are pure: they import no platform module and see the graph only through `Snapshot`, so that every
 * rule reads what was known on the night's date and nothing else.
 */
import type { Bilingual, RuleWords } from './rule-words.ts';

export type { Bilingual, Parameter } from './rule-words.ts';

export type Snapshot = {
  /**
   * Rows of a fact table as known on the night's date, about the officials looked at, or about the companies
   * and the like their families are tied to: `(select …)`, to be aliased by the caller.
   */
  at(table: string): string;
  /**
   * What a register holds of the household (self, spouse, co-living children): the table's columns and
   * `official_id, relation` (self | spouse | child), `member_name`, `member_from`, `member_to`, the last two
   * half open and never null. A rule looks at the day it judges, so that an ex-spouse's purchase after
   * the divorce is nobody's. A row counts as a relative's only if it has the declared number under the
   * declared name; who has rows under another name is told as not checkable for the rule, without its doing.
   */
  ofHousehold(table: string): string;
  /** The same of spouse, children and children's spouses wherever they live; relation may be `child-spouse`. */
  ofRelatives(table: string): string;
  /**
   * Rows of everybody: for findings about units, and for `clock`. Findings and gaps may not read a
   * register so, for it would bring strangers in.
   */
  everyone(table: string): string;
  /** Officials this run looks at: a table `scope(person_id, managed_by)`. A delta night has few. */
  readonly scope: 'scope';
  /**
   * Findings of this night, for rules that run after the others:
   * `found(rule_id, family, person_id, unit_code, period, severity, evidence)`.
   */
  readonly found: 'found';
  /**
   * A common table expression `name as (…)` for what many rules need: a SELECT of `at`, `scope` and
   * families alone, which a night makes once for all rules that give the same text. `where` narrows
   * alias `h` for this rule.
   */
  shared(name: string, select: string, where?: string): string;
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

/** What rule.ts says: what is looked for, who cannot be judged, whom time alone wakes. */
export type RuleQuery = {
  /**
   * One SELECT, one row per subject and period. Person findings look at `scope` only; unit findings
   * (person_id = NO_PERSON) look at everything, every night. Columns:
   *   person_id uuid, unit_code text ('' for persons), period text, severity text (red | yellow | blue),
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

/** A whole rule: the words of its rule.yml, the SQL of its rule.ts, and what its folder says of it. */
export type RuleDefinition = RuleWords &
  RuleQuery & {
    /** Number in the rule catalogue, e.g. A01: the folder's name in upper case. */
    id: string;
    /** The folder it lies in, e.g. declaration. */
    family: string;
    /** Digest of the files that make it. */
    source: string;
    /** Version of the common parts its SQL is written with. */
    kitVersion: number;
  };

export const defineRule = (query: RuleQuery): RuleQuery => query;
