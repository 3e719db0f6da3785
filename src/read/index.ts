/** The read path as the rest of the hub uses it. */

export { fragmentsOf, MOST_PER_PAGE } from './compilation.ts';
export { COST_LIMITS, type CostLimits } from './cost.ts';
export { costAsDeclared } from './declared-cost.ts';
export type * from './field-plan.ts';
export { globalIdSql, rowOfId } from './global-id.ts';
export { orderedBy } from './order-by.ts';
export type { Cost, Plan } from './plan.ts';
export {
  byResponseKey,
  createReader,
  type Reader,
  type ReaderOptions,
  type Seen,
} from './reader.ts';
export { invalidRequest, tooCostly } from './refused-request.ts';
