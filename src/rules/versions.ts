/**
 * Whether what a rule asks changed while its version did not. A warning cites rule and kit version and
 * must mean the same thing years later. A rule whose own folder changed needs a version of its own; a
 * rule that asks something else though its folder is as it was has been changed by the kit, which then
 * needs one version for all of them.
 */
import type { RuleDefinition } from './kit/define-rule.ts';
import { type Asked, askedBy } from './kit/rule-digest.ts';

/** What was said under a version: in the database, or in the rule's released.json. */
export type KnownRule = {
  version: number;
  kitVersion: number;
  /** Digest of the files of the rule's own folder; tells whose change it is, and nothing more. */
  source: string;
  asked: Asked;
};

export const asKnown = (rule: RuleDefinition): KnownRule => ({
  version: rule.version,
  kitVersion: rule.kitVersion,
  source: rule.source,
  asked: askedBy(rule),
});

export type SilentChange = {
  id: string;
  /** Whose version must be raised. */
  by: 'rule' | 'kit';
  /** What changed: question, findings …, or the version itself where it went back. */
  parts: readonly string[];
};

const partsChanged = (now: Asked, before: Asked) =>
  [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(
    (part) => now[part] !== before[part],
  );

function silentChange(rule: RuleDefinition, known: KnownRule): SilentChange | undefined {
  const { id, version, kitVersion } = rule;
  if (version < known.version) return { id, by: 'rule', parts: ['version'] };
  const parts = partsChanged(askedBy(rule), known.asked);
  if (version > known.version || parts.length === 0) return undefined;
  if (rule.source !== known.source) return { id, by: 'rule', parts };
  return kitVersion > known.kitVersion ? undefined : { id, by: 'kit', parts };
}

/** Every rule that asks something else than it did under the versions it still carries. */
export const silentChanges = (
  rules: readonly RuleDefinition[],
  known: ReadonlyMap<string, KnownRule>,
): SilentChange[] =>
  rules.flatMap((rule) => {
    const before = known.get(rule.id);
    return (before && silentChange(rule, before)) ?? [];
  });

/** What `hub rule bump` is to be given for these changes: ids of rules, and once the kit. */
export const toBump = (changes: readonly SilentChange[]): string[] => [
  ...changes.filter(({ by }) => by === 'rule').map(({ id }) => id),
  ...(changes.some(({ by }) => by === 'kit') ? ['kit'] : []),
];

/** The changes in words, with the parts: `A01 (question, findings), kit (A04, A06)`. */
export function inWords(changes: readonly SilentChange[]): string {
  const own = changes
    .filter(({ by }) => by === 'rule')
    .map(({ id, parts }) => `${id} (${parts.join(', ')})`);
  const shared = changes.filter(({ by }) => by === 'kit').map(({ id }) => id);
  return [...own, ...(shared.length > 0 ? [`kit (${shared.join(', ')})`] : [])].join(', ');
}
