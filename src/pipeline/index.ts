/** The stages, in order: land, normalise, resolve, link; then correlate and warn over the graph. */

export { helpNight } from './correlate/help-night.ts';
export {
  correlate,
  type NightContext,
  type NightOutcome,
  type NightRequest,
} from './correlate/index.ts';
export { knownBatch } from './land/known-batch.ts';
export { retainLanded } from './land/retain.ts';
export { type Fence, type LeaseOptions, withLease } from './lease.ts';
export { rebuildGraph } from './link/rebuild.ts';
export { pullRank } from './pull-rank.ts';
export { registerFeeds } from './register-feeds.ts';
export { readKnownRules, registerRules } from './register-rules.ts';
export { beginRekey, endRekey } from './rekey.ts';
export { checkRuleFeeds } from './rule-feeds.ts';
export type { StageContext } from './stage.ts';
export { type DeliveryOutcome, type SyncContext, type SyncOutcome, syncFeed } from './sync.ts';
