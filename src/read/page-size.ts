/**
 * How many rows a list may give, and from which end, by literal, variable, default or missing argument.
 * cost.ts has had them checked for every request, before a statement is looked for.
 */
import type { FieldNode } from 'graphql';
import {
  type AnyField,
  argument,
  type Compilation,
  MOST_PER_PAGE,
  placeholder,
} from './compilation.ts';
import { invalidRequest, tooCostly } from './refused-request.ts';
import { isLiteralSize } from './shape.ts';

export type PageArgument = 'first' | 'last';

const isWritten = (node: FieldNode, name: PageArgument): boolean =>
  node.arguments?.find((each) => each.name.value === name)?.value.kind !== 'Variable';

/** The SQL of the argument `first`, or of `last`. */
export function pageSize(
  c: Compilation,
  field: AnyField,
  node: FieldNode,
  name: PageArgument = 'first',
): string {
  const read = argument(field, node, [name]);
  const byDefault = field.args.find((each) => each.name === name)?.defaultValue ?? MOST_PER_PAGE;
  const value = read(c.variables) ?? byDefault;
  if (isWritten(node, name) || isLiteralSize(value)) return String(value);
  const sql = placeholder(c, ({ variables }) => String(read(variables) ?? byDefault));
  return `${sql}::int`;
}

function checkedSize(name: PageArgument, size: unknown): number {
  if (typeof size !== 'number' || size < 1) {
    throw invalidRequest(
      `${name} 须为 1–${MOST_PER_PAGE}`,
      `${name} is 1 to ${MOST_PER_PAGE}: so many a page holds`,
    );
  }
  if (size > MOST_PER_PAGE) {
    throw tooCostly(
      `${name} 最多 ${MOST_PER_PAGE}，余下的请翻页`,
      `${name} is at most ${MOST_PER_PAGE}; ask for the rest page by page`,
    );
  }
  return size;
}

/** Pages walk one way: these arguments contradict the other two. */
const OTHER_WAY = [
  ['first', 'last'],
  ['first', 'before'],
  ['after', 'last'],
  ['after', 'before'],
] as const;

type Given = (name: string) => unknown;
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/**
 * Rows of the page asked for by the arguments of one field; undefined where neither `first` nor `last` is
 * given. Refuses sizes no page has and arguments that name two ways at once.
 */
export function askedPage(given: Given): number | undefined {
  for (const [one, other] of OTHER_WAY) {
    if (isGiven(given(one)) && isGiven(given(other))) {
      throw invalidRequest(
        `${one} 与 ${other} 不能同用：向后翻页用 first、after，向前翻页用 last、before`,
        `${one} and ${other} do not go together: forwards is first with after, backwards last with before`,
      );
    }
  }
  if (isGiven(given('before')) && !isGiven(given('last'))) {
    throw invalidRequest('before 须与 last 同用', 'before goes with last');
  }
  const name = (['first', 'last'] as const).find((each) => isGiven(given(each)));
  return name && checkedSize(name, given(name));
}
