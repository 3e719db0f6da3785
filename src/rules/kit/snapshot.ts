/**
 * The graph as known on one date. Every fact table is read through `at`, which shows the version
 * known on that date, so a past night can be repeated and deliveries that came later do not matter.
 */
import { FACT_TABLES } from '../../../schema/fact-tables.ts';
import { isUnder } from '../../../schema/person/identity-sql.ts';
import type { EvidenceItem, RuleDefinition, RuleQuery, Snapshot } from './define-rule.ts';
import { dateLiteral, literal, valueLiteral } from './literal.ts';

export type ParameterValues = Readonly<Record<string, string | number | boolean>>;

export const factsAt = (table: string, asOf: string): string => {
  if (!FACT_TABLES.has(table)) throw new TypeError(`${table} is not a fact table`);
  return `(select * from hub.${table} where known_from <= ${asOf} and known_to > ${asOf})`;
};

/**
 * SELECT of what a register holds of families: `family` of the night, and the register's rows that have a
 * relative's number under the name an official declared. The wall of a mistyped number, for every rule.
 */
export const familyFacts = (table: string, asOf: string, where = 'true'): string => {
  if (!FACT_TABLES.get(table)?.isRegister) throw new TypeError(`${table} is no register`);
  return `select m.official_id, m.relation, m.name as member_name, m.in_household,
      m.valid_from as member_from, m.valid_to as member_to, f.*
    from family m join ${factsAt(table, asOf)} f on f.person_id = m.member_id
    where (m.relation = 'self' or ${isUnder('f.registered_name', 'any(m.names)')}) and ${where}`;
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

/** Where a part of a night keeps a copy of the facts of the officials it looks at. */
export const extractOf = (table: string): string => `pg_temp.seen_${table}`;
/** And of what a register holds of their families. */
export const familyExtractOf = (table: string): string => `pg_temp.seen_family_${table}`;

export const IN_HOUSEHOLD = 'in_household';
export const OF_RELATIVES = `relation <> 'self'`;

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
  const ofFamily = (table: string, where: string) =>
    `(select * from ${isExtract ? familyExtractOf(table) : `(${familyFacts(table, date)}) f`} where ${where})`;
  return {
    at: (table) => (isExtract ? `(select * from ${extractOf(table)})` : factsAt(table, date)),
    ofHousehold: (table) => ofFamily(table, IN_HOUSEHOLD),
    ofRelatives: (table) => ofFamily(table, OF_RELATIVES),
    everyone: (table) => factsAt(table, date),
    scope: 'scope',
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
  ofHousehold: (table) => `⟨the household's ${table}⟩`,
  ofRelatives: (table) => `⟨the relatives' ${table}⟩`,
  everyone: (table) => `⟨everyone's ${table}⟩`,
  scope: 'scope',
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

type Way = 'at' | 'everyone' | 'ofHousehold' | 'ofRelatives' | 'param';

/** Names a rule asks a snapshot for through these of its functions. */
function askedFor(rule: RuleQuery, ...through: readonly Way[]) {
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

/** What decides: findings and gaps. A clock only says whom to look at. */
const judgement = ({ findings, gaps }: RuleQuery): RuleQuery =>
  gaps ? { findings, gaps } : { findings };

/** The fact tables a rule reads through `at`. */
export const tablesOf = (rule: RuleQuery): Set<string> => askedFor(rule, 'at');

/** The registers a rule reads of the household. */
export const ofHousehold = (rule: RuleQuery): Set<string> => askedFor(rule, 'ofHousehold');

/** The registers a rule reads of spouse, children and children's spouses, wherever they live. */
export const ofRelatives = (rule: RuleQuery): Set<string> => askedFor(rule, 'ofRelatives');

/** Every table a rule reads, of the persons looked at and of everybody. */
export const tablesRead = (rule: RuleQuery): Set<string> =>
  askedFor(rule, 'at', 'everyone', 'ofHousehold', 'ofRelatives');

/** What findings and gaps read of persons the rule does not look at, as statistics over units do. */
export const readAcross = (rule: RuleQuery): Set<string> => askedFor(judgement(rule), 'everyone');

/** True where the answer depends on what registers hold of relatives. */
export const readsFamilies = (rule: RuleQuery): boolean =>
  ofHousehold(rule).size + ofRelatives(rule).size > 0;

/**
 * The tables a rule's answer rests on: what findings and gaps read, and the declared family behind what
 * registers hold of relatives. Scope is the night's own ground.
 */
export function tablesJudged(rule: RuleQuery): Set<string> {
  const query = judgement(rule);
  const tables = tablesRead(query);
  if (readsFamilies(query)) tables.add('kinship');
  return tables;
}

/** The parameters a rule's SQL asks for. */
export const parametersRead = (rule: RuleQuery): Set<string> => askedFor(rule, 'param');

export const defaultsOf = (rule: RuleDefinition): ParameterValues =>
  Object.fromEntries(
    Object.entries(rule.parameters).map(([name, parameter]) => [name, parameter.default]),
  );
