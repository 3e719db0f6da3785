/**
 * The fingerprint of what a rule asks: its SQL as it will run, parameters, feeds, condition and question.
 * Explanations (falseIf, innocent) may be improved and comments rewritten without touching it. Kept by
 * part, so that a change can be named.
 */
import { createHash } from 'node:crypto';
import type { RuleDefinition } from './define-rule.ts';
import { probeSnapshot } from './snapshot.ts';

const hash = (value: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('hex');

/** Part of the rule → its digest. */
export type Asked = Readonly<Record<string, string>>;

export function askedBy(rule: RuleDefinition): Asked {
  const probe = probeSnapshot();
  return {
    family: hash(rule.family),
    feeds: hash(rule.feeds),
    condition: hash(rule.condition),
    question: hash(rule.question),
    parameters: hash(
      Object.entries(rule.parameters).map(([name, { default: value }]) => [name, value]),
    ),
    isAfterOthers: hash(rule.isAfterOthers),
    findings: hash(rule.findings(probe)),
    gaps: hash(rule.gaps?.(probe)),
    clock: hash(rule.clock?.(probe, '⟨from⟩', '⟨to⟩')),
  };
}

export const ruleDigest = (rule: RuleDefinition): string => hash(askedBy(rule));
