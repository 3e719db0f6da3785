/**
 * Holds the feeds a rule names against the tables its SQL reads. A feed left out would let the rule find
 * "nothing" over data that are missing or stale; one too many would keep it from being judged.
 */
import { type Manifest, tablesWritten } from '../../connectors/kit/manifest.ts';
import { HubError } from '../base/errors.ts';
import type { RuleDefinition } from '../rules/kit/define-rule.ts';
import { tablesJudged } from '../rules/kit/snapshot.ts';

/** The roster says who is looked at; any rule may insist on it. */
const GROUND = 'official';

/** Feed → the tables it writes. */
type Writers = ReadonlyMap<string, ReadonlySet<string>>;

/** What is wrong with the feeds of a rule, in sentences. Of several feeds of one table one is enough. */
function* problems(rule: RuleDefinition, writers: Writers): Generator<string> {
  const read = tablesJudged(rule);
  const named = new Set(rule.feeds);
  for (const table of read) {
    const feeds = [...writers].filter(([, tables]) => tables.has(table)).map(([feed]) => feed);
    if (feeds.length === 0) yield `it reads ${table}, which no feed delivers`;
    else if (!feeds.some((feed) => named.has(feed)))
      yield `it reads ${table} and names no feed that delivers it (${feeds.join(', ')})`;
  }
  for (const feed of rule.feeds) {
    const tables = writers.get(feed);
    if (!tables) yield `it names the feed ${feed}, which does not exist`;
    else if (![...tables].some((table) => read.has(table) || table === GROUND))
      yield `it names the feed ${feed} and reads nothing that it delivers`;
  }
}

/** Refuses rules whose `feeds` are not those their SQL reads. */
export function checkRuleFeeds(
  rules: readonly RuleDefinition[],
  connectors: ReadonlyMap<string, { manifest: Manifest }>,
): void {
  const writers = new Map(
    [...connectors].map(([feed, { manifest }]) => [feed, tablesWritten(manifest)]),
  );
  for (const rule of rules) {
    const [problem] = problems(rule, writers);
    if (problem)
      throw new HubError('rule.manifest-invalid', {
        rule: rule.id,
        reason: `rule.yml feeds: ${problem}`,
      });
  }
}
