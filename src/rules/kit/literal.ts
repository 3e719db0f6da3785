/** SQL text made of values. Only constants of the code and parameters pass here, never delivered data. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A calendar date as a SQL expression; refuses anything that is not one. */
export const dateLiteral = (day: string): string => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new TypeError('not a calendar date');
  return `date '${day}'`;
};

export const valueLiteral = (value: string | number | boolean): string =>
  typeof value === 'string' ? literal(value) : String(value);
