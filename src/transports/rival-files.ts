/** Files of one date and number with different content: who decides which of them counts. */
import { HubError } from '../base/errors.ts';
import type { CheckedFile } from './delivered-file.ts';
import { byPlace, type Feed, type PullContext } from './delivery.ts';
import type { NamedFile } from './file-names.ts';

export type Found = { path: string; name: string; named: NamedFile };

/** Two files that state the same sheet of the same date under the same number. */
export const isRival = (one: Found, other: Found): boolean =>
  one !== other &&
  byPlace(one.named, other.named) === 0 &&
  (one.named.sheet === other.named.sheet || !one.named.sheet || !other.named.sheet);

type Unordered = { one: Found; file: CheckedFile; rivals: readonly Found[] };
type Checking = { check(found: Found): Promise<CheckedFile>; context: PullContext };

/** Files that came apart count as they arrived. Of those first seen together nobody can say which is later. */
export async function refuseUnordered(
  feed: Feed,
  { one: { named }, file, rivals }: Unordered,
  { check, context }: Checking,
): Promise<void> {
  for (const rival of rivals) {
    // A rival that cannot be read is refused in its own turn.
    const other = await check(rival).catch(() => undefined);
    if (other === undefined || other.digest === file.digest) continue;
    const { name } = rival;
    const { asOf: date, sequence } = named;
    if (await context.known({ name, asOf: date, sequence, digest: other.digest })) continue;
    const [number, next] = [String(sequence), String(sequence + 1)];
    throw new HubError('source.order-unknown', { feed: feed.id, date, number, next });
  }
}
