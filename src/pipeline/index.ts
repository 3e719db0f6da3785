/** The stages, in order: land, normalise, resolve, link; then correlate and warn over the graph. */
export { type Fence, fenceOf, type LeaseOptions, withLease } from './lease.ts';
export { rebuildGraph } from './link/rebuild.ts';
export { registerFeeds } from './register-feeds.ts';
export type { StageContext } from './stage.ts';
export { type SyncContext, type SyncOutcome, syncFeed } from './sync.ts';
