/**
 * The fingerprint of what a rule asks: its SQL, parameters, feeds, condition and question. Registering
 * refuses a rule whose fingerprint changed while its version did not, because a warning cites the
 * version and must mean the same thing years later. Explanations (falseIf, innocent) may be improved.
 */
import { createHash } from 'node:crypto';
import type { RuleDefinition } from './define-rule.ts';
import { probeSnapshot } from './snapshot.ts';

export function ruleDigest(rule: RuleDefinition): string {
  const probe = probeSnapshot();
  const asked = {
    family: rule.family,
    feeds: rule.feeds,
    condition: rule.condition,
    question: rule.question,
    parameters: Object.entries(rule.parameters).map(([name, { default: value }]) => [name, value]),
    isAfterOthers: rule.isAfterOthers,
    findings: rule.findings(probe),
    gaps: rule.gaps?.(probe) ?? null,
    clock: rule.clock?.(probe, '⟨from⟩', '⟨to⟩') ?? null,
  };
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}
