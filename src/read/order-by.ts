/**
 * The order of a list as SQL, and what lies behind a row in it. A missing value is behind every other
 * in the order as written, and so before every other when the list is walked backwards.
 */
import type { Order, Writer } from './field-plan.ts';

/** A sort key and whether missing values come first, which they do only backwards. */
export type Walked = Order & { nullsFirst?: boolean };

/** One sort key behind ORDER BY. Where no value can be missing nothing is said, for indexes say nothing either. */
export function orderedBy(
  { sql, isDescending, isNullable, nullsFirst }: Walked,
  t: string,
  w: Writer,
): string {
  const direction = isDescending ? ' desc' : '';
  const nulls = isNullable ? ` nulls ${nullsFirst ? 'first' : 'last'}` : '';
  return `${sql(t, w)}${direction}${nulls}`;
}

export const orderSql = (order: readonly Walked[], t: string, w: Writer): string =>
  order.map((each) => orderedBy(each, t, w)).join(', ');

/** The same list from its end. */
export const backwards = (order: readonly Walked[]): Walked[] =>
  order.map((each) => ({
    ...each,
    isDescending: !each.isDescending,
    nullsFirst: !each.nullsFirst,
  }));

/** Whether `x` is strictly behind `value` by one sort key. */
function isBehind({ isDescending, isNullable, nullsFirst }: Walked, x: string, value: string) {
  const isFurther = `${x} ${isDescending ? '<' : '>'} ${value}`;
  if (!isNullable) return isFurther;
  return nullsFirst
    ? `(${isFurther} or (${x} is not null and ${value} is null))`
    : `(${isFurther} or (${x} is null and ${value} is not null))`;
}

/**
 * The rows `t` strictly behind a row with these sort values. One comparison of rows where all keys go the
 * same way and none can be missing, because an index answers it.
 */
export function behind(
  order: readonly Walked[],
  t: string,
  values: readonly string[],
  w: Writer,
): string {
  const isUniform = order.every(
    (each) => !each.isNullable && !each.isDescending === !order[0]?.isDescending,
  );
  if (isUniform) {
    const row = order.map((each) => each.sql(t, w)).join(', ');
    return `(${row}) ${order[0]?.isDescending ? '<' : '>'} (${values.join(', ')})`;
  }
  const steps = order.map((each, n) => {
    const equal = order
      .slice(0, n)
      .map((earlier, m) =>
        earlier.isNullable
          ? `${earlier.sql(t, w)} is not distinct from ${values[m]}`
          : `${earlier.sql(t, w)} = ${values[m]}`,
      );
    return [...equal, isBehind(each, each.sql(t, w), values[n] ?? 'null')].join(' and ');
  });
  return `(${steps.map((step) => `(${step})`).join(' or ')})`;
}
