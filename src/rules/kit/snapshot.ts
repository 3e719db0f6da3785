/**
 * The graph as known on one date. Every fact table is read through `at`, which shows the version
 * known on that date, so a past night can be repeated and deliveries that came later do not matter.
 */
import { FACT_TABLES } from '../../../schema/fact-tables.ts';
import type { EvidenceItem, RuleDefinition, RuleQuery, Snapshot } from './define-rule.ts';
import { dateLiteral, literal, valueLiteral } from './literal.ts';

export type ParameterValues = Readonly<Record<string, string | number | boolean>>;

export const factsAt = (table: string, asOf: string): string => {
  if (!FACT_TABLES.has(table)) throw new TypeError(`${table} is not a fact table`);
  return `(select * from hub.${table} where known_from <= ${asOf} and known_to > ${asOf})`;
};

const evidence = (t: string, item: EvidenceItem): string => {
  const { about = 'person' } = item;
  const context = item.isContext ? `, 'isContext', true` : '';
  return `jsonb_build_object(
    'labelZh', ${literal(item.label.zh)}, 'labelEn', ${literal(item.label.en)},
    'valueZh', coalesce(${item.valueZh}, '—'), 'valueEn', coalesce(${item.valueEn}, '—'),
    'feedId', ${t}.feed_id, 'batchId', ${t}.batch_id, 'ordinal', ${t}.ordinal,
    'asOf', to_char(${t}.known_from, 'YYYY-MM-DD'),
    'subjectKind', ${literal(about)}, 'subjectId', ${t}.${about}_id${context})`;
};

/** Where a small night keeps a copy of the facts of the persons it looks at. */
export const extractOf = (table: string): string => `pg_temp.seen_${table}`;

export type SnapshotOptions = {
  /** `at` reads the copies of `extractOf` instead of the graph. */
  isExtract?: boolean;
  /** Where shared expressions are kept; written out in full where nothing is shared. */
  shared?: Snapshot['shared'];
};

const inFull: Snapshot['shared'] = (name, select, where = 'true') =>
  `${name} as (select * from (${select}) h where ${where})`;

export function snapshotOf(
  asOf: string,
  values: ParameterValues,
  { isExtract = false, shared = inFull }: SnapshotOptions = {},
): Snapshot {
  const date = dateLiteral(asOf);
  return {
    at: (table) => (isExtract ? `(select * from ${extractOf(table)})` : factsAt(table, date)),
    everyone: (table) => factsAt(table, date),
    scope: 'scope',
    household: 'household',
    found: 'found',
    shared,
    asOf: date,
    param: (name) => {
      const value = values[name];
      if (value === undefined) throw new TypeError(`unknown parameter ${name}`);
      return valueLiteral(value);
    },
    evidence,
  };
}

/** A snapshot that shows what a rule asks for instead of answering; its SQL is what is digested. */
export const probeSnapshot = (): Snapshot => ({
  at: (table) => `⟨${table}⟩`,
  everyone: (table) => `⟨everyone's ${table}⟩`,
  scope: 'scope',
  household: 'household',
  found: 'found',
  shared: inFull,
  asOf: '⟨as of⟩',
  param: (name) => `⟨parameter ${name}⟩`,
  evidence,
});

/** Lets a rule write all its SQL against a snapshot. */
function askAll(rule: RuleQuery, snapshot: Snapshot): void {
  rule.findings(snapshot);
  rule.gaps?.(snapshot);
  rule.clock?.(snapshot, '⟨from⟩', '⟨to⟩');
}

/** Names a rule asks a snapshot for through these of its functions. */
function askedFor(rule: RuleQuery, ...through: readonly ('at' | 'everyone' | 'param')[]) {
  const names = new Set<string>();
  const noting = Object.fromEntries(
    through.map((how) => [
      how,
      (name: string) => {
        names.add(name);
        return `⟨${name}⟩`;
      },
    ]),
  );
  askAll(rule, { ...probeSnapshot(), ...noting });
  return names;
}

/** The fact tables a rule reads through `at`. */
export const tablesOf = (rule: RuleQuery): Set<string> => askedFor(rule, 'at');

/** Every table a rule reads, of the persons looked at and of everybody. */
export const tablesRead = (rule: RuleQuery): Set<string> => askedFor(rule, 'at', 'everyone');

/** How far the SQL of a rule's findings and gaps looks. */
export function reachOf(rule: RuleQuery) {
  const probe = probeSnapshot();
  const reach = {
    /** Reads facts of persons it does not look at, as statistics over units do. */
    isAcross: false,
    hasHousehold: false,
  };
  const noted: Snapshot = {
    ...probe,
    everyone(table) {
      reach.isAcross = true;
      return probe.everyone(table);
    },
    get household() {
      reach.hasHousehold = true;
      return probe.household;
    },
  };
  rule.findings(noted);
  rule.gaps?.(noted);
  return reach;
}

/**
 * The tables a rule's answer rests on: what findings and gaps read, and the family behind the household.
 * Scope is the night's own ground, and a clock only says whom to look at.
 */
export function tablesJudged({ findings, gaps }: RuleQuery): Set<string> {
  const query = gaps ? { findings, gaps } : { findings };
  const tables = tablesRead(query);
  if (reachOf(query).hasHousehold) tables.add('kinship');
  return tables;
}

/** The parameters a rule's SQL asks for. */
export const parametersRead = (rule: RuleQuery): Set<string> => askedFor(rule, 'param');

export const defaultsOf = (rule: RuleDefinition): ParameterValues =>
  Object.fromEntries(
    Object.entries(rule.parameters).map(([name, parameter]) => [name, parameter.default]),
  );
