/** What a night is asked to do and what it reports. Counts and ids only, so it may be logged. */
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Secret } from '../../base/secret.ts';
import type { Sql } from '../../platform/database.ts';
import type { RuleDefinition } from '../../rules/kit/define-rule.ts';

export type NightContext = {
  /** Worker role; at least three connections (snapshot, one worker, lease and progress). */
  sql: Sql;
  identityKey: Secret;
  clock: Clock;
  log: Log;
  onProgress?: (step: string, done: number, total?: number) => void;
  signal?: AbortSignal;
  /** The rule book; the folders under src/rules when absent. */
  rules?: readonly RuleDefinition[];
  /** How long one rule may take in a night, all parts together, before it counts as failed. */
  ruleTimeoutMs?: number;
  leaseMs?: number;
  /** Workers in this process, each on a connection of its own; as many as processors by default. */
  workers?: number;
  /** Officials in one part of the night. */
  partSize?: number;
  /** A sign of life: a rule has been evaluated in some part. */
  onRule?: () => void;
  /** Called when a night is cut into parts, so that other processes can be asked to help. */
  onParts?: (parts: number) => void;
};

export type NightRequest = {
  asOf: string;
  mode: 'auto' | 'full' | 'delta';
  requestedBy: string;
  /** Given by a caller that had to name the night before it ran. */
  nightId?: string;
};

export type RuleState = 'evaluated' | 'stale' | 'not-checkable' | 'failed' | 'held';

export type RuleOutcome = {
  ruleId: string;
  state: RuleState;
  reasonZh: string | null;
  reasonEn: string | null;
  /** everyone = all officials; changed = those whose facts changed or whose clock ran out. */
  scope: 'everyone' | 'changed';
  /** Evaluated for a date before the newest one it has spoken about: compared, not written. */
  isRepeat: boolean;
  subjects: number;
  findings: number;
  gaps: number;
  milliseconds: number;
  inputs: string;
  findingsDigest: string | null;
};

/** How many rules fared how. */
export function countStates(rules: readonly RuleOutcome[]): Record<RuleState, number> {
  const states = { evaluated: 0, stale: 0, 'not-checkable': 0, failed: 0, held: 0 };
  for (const { state } of rules) states[state] += 1;
  return states;
}

export type WarningCounts = {
  raised: number;
  changed: number;
  lapsed: number;
  seenAgain: number;
};

export type NightOutcome = {
  nightId: string;
  asOf: string;
  mode: 'full' | 'delta';
  /** A repeat of a date before the newest night: evaluated and recorded, but it changes no warning. */
  isRepeat: boolean;
  persons: number;
  rules: RuleOutcome[];
  /** How many rules fared how; whatever is not `evaluated` is unanswered, not clean. */
  states: Record<RuleState, number>;
  warnings: WarningCounts;
  /** Digest over the findings of all evaluated rules; equal for equal snapshots. */
  findingsDigest: string;
  /** For rules that repeat: how their findings differ from those stored for that date. */
  comparison: { onlyStored: number; onlyRepeated: number; different: number } | null;
};
