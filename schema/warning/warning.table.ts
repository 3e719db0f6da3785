/** Rules, nights, findings and warnings. A warning is a question with its evidence. */
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import {
  askedRows,
  hub,
  kinSight,
  managedRows,
  registerRows,
  signedInRows,
  verbatimJson,
} from '../table-parts.ts';

const at = (name: string) => timestamp(name, { withTimezone: true });

/** One row per folder under src/rules, refreshed at start; refuses a changed rule with an old version. */
export const rule = hub.table(
  'rule',
  {
    ruleId: text('rule_id').primaryKey(),
    version: integer('version').notNull(),
    family: text('family').notNull(),
    titleZh: text('title_zh').notNull(),
    titleEn: text('title_en').notNull(),
    conditionZh: text('condition_zh').notNull(),
    conditionEn: text('condition_en').notNull(),
    legalBasis: jsonb('legal_basis').notNull(),
    falseIf: jsonb('false_if').notNull(),
    innocent: jsonb('innocent').notNull(),
    feeds: text('feeds').array().notNull(),
    digest: text('digest').notNull(),
    /** Version of the common parts the rule was last registered with. */
    kitVersion: integer('kit_version').notNull(),
    /** Digest of the rule's own files: tells whether the rule or the common parts changed what it asks. */
    source: text('source').notNull(),
    /** Digest of each part of what the rule asks. */
    asked: jsonb('asked').notNull(),
    isEnabled: boolean('is_enabled').notNull().default(true),
    /** Newest date its findings speak of: whatever it holds open, it saw on that date. */
    evaluatedOn: date('evaluated_on'),
  },
  () => [...signedInRows('rule')],
);

/** What each version asked, kept for the warnings that cite it; `{places}` unfilled, in both languages. */
export const ruleVersion = hub.table(
  'rule_version',
  {
    ruleId: text('rule_id')
      .notNull()
      .references(() => rule.ruleId),
    version: integer('version').notNull(),
    kitVersion: integer('kit_version').notNull(),
    /** Digest of the SQL, parameters, feeds and words it asked with. */
    digest: text('digest').notNull(),
    question: jsonb('question').notNull(),
    condition: jsonb('condition').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.ruleId, t.version, t.kitVersion] }),
    ...signedInRows('rule_version'),
  ],
);

/** Versioned thresholds: who set which value from when, why and on what basis. */
export const ruleParameter = hub.table(
  'rule_parameter',
  {
    ruleId: text('rule_id')
      .notNull()
      .references(() => rule.ruleId),
    name: text('name').notNull(),
    validFrom: date('valid_from').notNull(),
    value: jsonb('value').notNull(),
    labelZh: text('label_zh').notNull(),
    labelEn: text('label_en').notNull(),
    basis: text('basis').notNull(),
    author: text('author').notNull(),
    reason: text('reason').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.ruleId, t.name, t.validFrom] }),
    ...signedInRows('rule_parameter'),
  ],
);

/** One night: the rule book over one snapshot. */
export const night = hub.table(
  'night',
  {
    nightId: uuid('night_id').primaryKey(),
    asOf: date('as_of').notNull(),
    /** full | delta */
    mode: text('mode').notNull(),
    /** running | done | failed | superseded */
    state: text('state').notNull(),
    requestedBy: text('requested_by').notNull(),
    startedAt: at('started_at').notNull(),
    endedAt: at('ended_at'),
    /** Newest change the snapshot saw, see `changed_subject`. */
    lastChangeNo: bigint('last_change_no', { mode: 'number' }),
    /** Order in which nights were done; the clock may stand still or go back. */
    doneNo: integer('done_no'),
    /** How often the night was begun under this id. */
    attempts: integer('attempts').notNull().default(0),
    /** Of a date every rule has spoken about before: compared, nothing changed. */
    isRepeat: boolean('is_repeat').notNull().default(false),
    persons: integer('persons').notNull().default(0),
    rulesEvaluated: integer('rules_evaluated').notNull().default(0),
    /** What was not answered: the data were too old, missing, the rule failed, or its answer is held. */
    rulesStale: integer('rules_stale').notNull().default(0),
    rulesNotCheckable: integer('rules_not_checkable').notNull().default(0),
    rulesFailed: integer('rules_failed').notNull().default(0),
    rulesHeld: integer('rules_held').notNull().default(0),
    warningsNew: integer('warnings_new').notNull().default(0),
    warningsChanged: integer('warnings_changed').notNull().default(0),
    warningsLapsed: integer('warnings_lapsed').notNull().default(0),
    progress: integer('progress').notNull().default(0),
  },
  (t) => [index('night_recent').on(t.startedAt), ...signedInRows('night'), askedRows('night')],
);

/** How one rule fared in one night. `not-checkable` is apart from "checked, nothing found". */
export const ruleRun = hub.table(
  'rule_run',
  {
    nightId: uuid('night_id')
      .notNull()
      .references(() => night.nightId),
    ruleId: text('rule_id').notNull(),
    /** What the findings of this night were computed with: see `rule_version`. */
    ruleVersion: integer('rule_version').notNull(),
    kitVersion: integer('kit_version').notNull(),
    /** evaluated | stale | not-checkable | failed | held (surge) */
    state: text('state').notNull(),
    reasonZh: text('reason_zh'),
    reasonEn: text('reason_en'),
    subjects: integer('subjects').notNull().default(0),
    findings: integer('findings').notNull().default(0),
    gaps: integer('gaps').notNull().default(0),
    milliseconds: integer('milliseconds').notNull().default(0),
    /** Of a date before the newest one the rule has spoken about: evaluated and compared, not written. */
    isRepeat: boolean('is_repeat').notNull().default(false),
    /** Digest of the rule's definition and the parameters in force: differs → everyone is looked at again. */
    inputs: text('inputs'),
    /** Digest of the findings, so that a repeated night can be compared with the first. */
    findingsDigest: text('findings_digest'),
  },
  (t) => [primaryKey({ columns: [t.nightId, t.ruleId] }), ...signedInRows('rule_run')],
);

/** A rule's hit on a snapshot; one open row per rule, subject and period, closed when it ceases. */
export const finding = hub.table(
  'finding',
  {
    /** The official; NO_PERSON where the subject is a unit. */
    personId: uuid('person_id').notNull(),
    unitCode: text('unit_code').notNull().default(''),
    ruleId: text('rule_id').notNull(),
    period: text('period').notNull(),
    seenFrom: date('seen_from').notNull(),
    seenTo: date('seen_to').notNull().default('infinity'),
    ruleVersion: integer('rule_version').notNull(),
    nightId: uuid('night_id').notNull(),
    /** red | yellow | blue */
    severity: text('severity').notNull(),
    /** Named input values of the condition, as the explanation prints them. */
    facts: jsonb('facts').notNull(),
    evidence: jsonb('evidence').notNull(),
    digest: uuid('digest').notNull(),
    managedBy: smallint('managed_by').array().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.personId, t.ruleId, t.unitCode, t.period, t.seenFrom] }),
    ...managedRows('finding'),
  ],
);

/** What a rule could not evaluate for one person, and why: never shown as "clean". */
export const ruleGap = hub.table(
  'rule_gap',
  {
    personId: uuid('person_id').notNull(),
    ruleId: text('rule_id').notNull(),
    period: text('period').notNull(),
    /** data | name-differs | name-missing: what the rule had too little of, or whose rows it was not shown. */
    cause: text('cause').notNull().default('data'),
    /** The relatives it is about, where it is about some. */
    relatives: uuid('relatives').array().notNull().default(sql`'{}'`),
    reasonZh: text('reason_zh').notNull(),
    reasonEn: text('reason_en').notNull(),
    nightId: uuid('night_id').notNull(),
    managedBy: smallint('managed_by').array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.ruleId, t.period] }), ...managedRows('rule_gap')],
);

export const warning = hub.table(
  'warning',
  {
    /** Keyed hash of rule, subject and period: unique by itself, though the key begins with the person. */
    warningId: uuid('warning_id').notNull(),
    /** The official; NO_PERSON where the subject is a unit. */
    personId: uuid('person_id').notNull(),
    unitCode: text('unit_code').notNull().default(''),
    ruleId: text('rule_id').notNull(),
    ruleVersion: integer('rule_version').notNull(),
    /** The common parts of the rules that computed it. */
    kitVersion: integer('kit_version').notNull(),
    period: text('period').notNull(),
    severity: text('severity').notNull(),
    /** new | assigned | proposed | concluded */
    state: text('state').notNull(),
    questionZh: text('question_zh').notNull(),
    questionEn: text('question_en').notNull(),
    /** [{name, labelZh, labelEn, valueZh, valueEn}] in the order of the explanation. */
    facts: jsonb('facts').notNull(),
    firstSeenOn: date('first_seen_on').notNull(),
    /** When it last changed or lapsed; while it is open its rule has seen it since, see last-seen.ts. */
    lastSeenOn: date('last_seen_on').notNull(),
    /** The data no longer support it; a person still decides. */
    lapsedOn: date('lapsed_on'),
    assigneeId: text('assignee_id'),
    proposedConclusion: text('proposed_conclusion'),
    proposedBy: text('proposed_by'),
    conclusion: text('conclusion'),
    concludedBy: text('concluded_by'),
    concludedAt: at('concluded_at'),
    managedBy: smallint('managed_by').array().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.personId, t.warningId] }),
    index('warning_by_id').on(t.warningId),
    index('warning_queue').on(t.severity, t.firstSeenOn, t.warningId),
    index('warning_by_rule').on(t.ruleId, t.state),
    ...managedRows('warning', 'write'),
  ],
);

/** Rows about a warning lie with it, by person, and go with it. */
const ofWarning = (t: { personId: AnyPgColumn; warningId: AnyPgColumn }) =>
  foreignKey({
    columns: [t.personId, t.warningId],
    foreignColumns: [warning.personId, warning.warningId],
  }).onDelete('cascade');

/** Each input value with the delivered row it came from. */
export const warningEvidence = hub.table(
  'warning_evidence',
  {
    /** The person of the warning, by whom its rows lie together. */
    personId: uuid('person_id').notNull(),
    warningId: uuid('warning_id').notNull(),
    position: integer('position').notNull(),
    /** Whom or what the row is about: person | unit | company …, and which one. */
    subjectKind: text('subject_kind').notNull(),
    subjectId: text('subject_id').notNull(),
    labelZh: text('label_zh').notNull(),
    labelEn: text('label_en').notNull(),
    valueZh: text('value_zh').notNull(),
    valueEn: text('value_en').notNull(),
    feedId: text('feed_id').notNull(),
    batchId: bigint('batch_id', { mode: 'number' }).notNull(),
    ordinal: integer('ordinal').notNull(),
    /** The row as it was delivered, copied from its page. */
    sheet: text('sheet'),
    cells: verbatimJson('cells'),
    asOf: date('as_of').notNull(),
    /**
     * Authorities of the warning's official. What a register holds of a relative is for those only who
     * may read families: such a row has them in `kinManagedBy` and nobody here.
     */
    managedBy: smallint('managed_by').array().notNull(),
    ...kinSight,
  },
  (t) => [
    primaryKey({ columns: [t.personId, t.warningId, t.position] }),
    ofWarning(t),
    index('warning_evidence_row').on(t.batchId, t.ordinal),
    ...registerRows('warning_evidence'),
  ],
);

/** What happened to a warning, append only: by a person, or by the machine where data changed. */
export const warningEvent = hub.table(
  'warning_event',
  {
    personId: uuid('person_id').notNull(),
    warningId: uuid('warning_id').notNull(),
    eventNo: integer('event_no').notNull(),
    at: at('at').notNull(),
    /** Null = the machine: raised, evidence changed, lapsed, seen again. */
    actorId: text('actor_id'),
    /** raised | evidence-changed | lapsed | seen-again | assigned | note | proposed | returned | concluded */
    kind: text('kind').notNull(),
    noteZh: text('note_zh'),
    detail: jsonb('detail').notNull().default(sql`'{}'`),
    managedBy: smallint('managed_by').array().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.personId, t.warningId, t.eventNo] }),
    ofWarning(t),
    ...managedRows('warning_event', 'append'),
  ],
);
