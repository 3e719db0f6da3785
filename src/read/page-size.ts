/** How many rows a list may give, by literal, variable, default or missing argument; cost.ts has checked it. */
import type { FieldNode } from 'graphql';
import {
  type AnyField,
  argument,
  type Compilation,
  MOST_PER_PAGE,
  placeholder,
} from './compilation.ts';
import { isLiteralSize } from './shape.ts';

const isWritten = (node: FieldNode): boolean =>
  node.arguments?.find(({ name }) => name.value === 'first')?.value.kind !== 'Variable';

/** The SQL of the argument `first`. */
export function pageSize(c: Compilation, field: AnyField, node: FieldNode): string {
  const read = argument(field, node, ['first']);
  const byDefault = field.args.find(({ name }) => name === 'first')?.defaultValue ?? MOST_PER_PAGE;
  const value = read(c.variables) ?? byDefault;
  if (isWritten(node) || isLiteralSize(value)) return String(value);
  const sql = placeholder(c, ({ variables }) => String(read(variables) ?? byDefault));
  return `${sql}::int`;
}
