/** How a wrong setting is refused: by its name and what is expected, never by its value. */
import type { z } from 'zod';
import { HubError } from './errors.ts';

export const invalid = (setting: string, reason: string): HubError =>
  new HubError('config.invalid', { setting, reason: `${setting}: ${reason}` });

/** Names the first wrong setting; zod's own sentences speak of types and keys, not of values. */
export function parseOrRefuse<T extends z.ZodType>(shape: T, value: unknown, at: string) {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data as z.output<T>;
  const issue = parsed.error.issues[0];
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [at, ...(issue?.path ?? []), unknownKey].filter(
    (it) => it !== undefined && it !== '',
  );
  const reason = unknownKey === undefined ? (issue?.message ?? 'is not valid') : 'is no setting';
  throw invalid(path.map(String).join('.'), reason);
}
