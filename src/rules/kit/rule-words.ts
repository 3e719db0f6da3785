/**
 * rule.yml: what a rule says to people and which numbers it takes. Read once and checked completely; an
 * unknown key is an error, so that a misspelt one cannot be silently ignored. Which rule it is and its
 * family are said by its folder.
 */
import { z } from 'zod';

const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
export type Bilingual = z.infer<typeof bilingual>;

const ARTICLE = /第[〇零一二三四五六七八九十百千\d]+条/;

const legalBasis = z
  .strictObject({
    ...bilingual.shape,
    /** Where no article can be named: the passage of the source texts the requirement is taken from. */
    seed: z.string().min(1).optional(),
  })
  .refine(({ zh, seed }) => seed !== undefined || ARTICLE.test(zh), {
    error: 'names neither an article (第…条) nor a seed',
  });

const parameter = z.strictObject({
  default: z.union([z.number(), z.string(), z.boolean()]),
  label: bilingual,
  /** Where the number comes from: law article, seed, or "设计默认值" for a design default. */
  basis: z.string().min(1),
});
export type Parameter = z.infer<typeof parameter>;

export const ruleWords = z.strictObject({
  /** Raised whenever the rule asks something else; warnings cite it. */
  version: z.int().positive(),
  title: bilingual,
  /** The question put to a person; `{name}` is filled from facts. Never a conclusion. */
  question: bilingual,
  /** The condition in words; `{parameter}` is filled with the parameter's value. */
  condition: bilingual,
  legalBasis: z.array(legalBasis).min(1),
  /** What would make the warning false. */
  falseIf: z.array(bilingual).min(1),
  /** Known innocent explanations. */
  innocent: z.array(bilingual).min(1),
  /** Feeds the rule reads; a stale or missing one makes it not checkable. */
  feeds: z.array(z.string()),
  parameters: z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), parameter).default({}),
  /** Where the rule asks otherwise than its source says: how, and why. */
  deviations: z.array(bilingual).min(1).optional(),
  /** Runs after the other rules of the same night and may read their findings (stacking). */
  isAfterOthers: z.boolean().default(false),
});
export type RuleWords = z.infer<typeof ruleWords>;
