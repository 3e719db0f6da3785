/** What reading one cell gives: a canonical value, or the reason why there is none. Never a throw. */
import type { JsonValue, RejectionReason } from '../record.ts';

export type Cleaned<T extends JsonValue = JsonValue> =
  | { readonly value: T }
  | { readonly reason: RejectionReason };

export const refuse = (reason: RejectionReason): { readonly reason: RejectionReason } => ({
  reason,
});
