/**
 * cases.yml: what a rule must notice, the near misses it must stay silent about, and what it cannot
 * check. A case names only the facts that matter; the rest is ordinary (connectors/<feed>/ordinary.yml).
 * The same cases are the people planted in the demo county.
 */
import { z } from 'zod';

const row = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

const ruleCase = z.strictObject({
  name: z.string().min(1),
  /** The name in Chinese, for the demo county's answer sheet. */
  zh: z.string().min(1).optional(),
  /** Why a person would say so: for near misses, the innocent reading the case stands for. */
  because: z.string().optional(),
  /** For must-fire cases. */
  severity: z.enum(['red', 'yellow', 'blue']).optional(),
  /** person (default) or unit. */
  subject: z.enum(['person', 'unit']).default('person'),
  /** Text that one of the finding's facts must contain, in either language. */
  says: z.string().optional(),
  /** Tables whose default rows this case does without. */
  without: z.array(z.string()).default([]),
  /** People the facts speak of who belong to no household: a stranger, a colleague. */
  others: z.array(z.string()).default([]),
  /** Why no department could deliver these facts, so that the demo county does without the case. */
  notDelivered: z.string().min(10).optional(),
  /**
   * One entry per fact: table name → the columns that matter. `of` names whose it is (self, spouse,
   * child, or one of `others`), `times` repeats the row, an amount may be given in 万元 (`priceWan`).
   * Rows named here stand in the place of the default rows of their table. Numbers that must be of
   * this case alone are written with `{case}`, six digits: `documentNo: EA1{case}`.
   */
  facts: z.array(z.record(z.string(), row)).default([]),
});
export type RuleCase = z.infer<typeof ruleCase>;

export const ruleCases = z.strictObject({
  mustFire: z.array(ruleCase).min(1),
  /** Near misses (D11): a rule that has none does not load. */
  mustStaySilent: z.array(ruleCase).min(1),
  notCheckable: z.array(ruleCase).default([]),
});
export type RuleCases = z.infer<typeof ruleCases>;
