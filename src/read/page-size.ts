/** How many rows a list may give: 1 to 100, by literal, variable, default or missing argument. */
import type { FieldNode } from 'graphql';
import { HubError } from '../base/errors.ts';
import {
  type AnyField,
  argument,
  type Compilation,
  MOST_PER_PAGE,
  placeholder,
} from './compilation.ts';
import { isLiteralSize } from './shape.ts';

export type PageSize = { sql: string; most: number };

function checked(value: unknown): number {
  const isSize =
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_PER_PAGE;
  if (!isSize) throw new HubError('request.invalid', { reason: `first 1–${MOST_PER_PAGE}` });
  return value;
}

/** How long a list of facts about one person usually is, where the request does not say. */
const USUAL = 10;

const isWritten = (node: FieldNode): boolean =>
  node.arguments?.find(({ name }) => name.value === 'first')?.value.kind !== 'Variable';

/** The SQL of the argument `first`, and how many rows it counts for in the cost of the query. */
export function pageSize(c: Compilation, field: AnyField, node: FieldNode): PageSize {
  const read = argument(field, node, ['first']);
  const byDefault = field.args.find(({ name }) => name === 'first')?.defaultValue;
  const value = checked(read(c.variables) ?? byDefault);
  const isGiven = node.arguments?.some(({ name }) => name.value === 'first') ?? false;
  if (!isGiven) return { sql: String(value), most: Math.min(value, USUAL) };
  if (isWritten(node) || isLiteralSize(value)) return { sql: String(value), most: value };
  const sql = placeholder(c, ({ variables }) => String(checked(read(variables) ?? byDefault)));
  return { sql: `${sql}::int`, most: MOST_PER_PAGE };
}
