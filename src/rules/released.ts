/**
 * What the last release asked: a released.json beside each rule, written when a release is made. It is
 * how a check without a database sees that a rule changed since its version was given out. A rule that
 * was never released has none and may change freely.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { BookedRule } from './index.ts';
import { asKnown, type KnownRule, type SilentChange, silentChanges } from './versions.ts';

const FILE = 'released.json';

const released: z.ZodType<KnownRule> = z.strictObject({
  version: z.int().positive(),
  kitVersion: z.int().positive(),
  source: z.string(),
  asked: z.record(z.string(), z.string()),
});

/** Silent changes of these rules since their last release. */
export function changedSinceRelease(book: readonly BookedRule[]): SilentChange[] {
  const known = new Map<string, KnownRule>();
  for (const { rule, folder } of book) {
    const file = `${folder}/${FILE}`;
    if (existsSync(file))
      known.set(rule.id, released.parse(JSON.parse(readFileSync(file, 'utf8'))));
  }
  return silentChanges(
    book.map(({ rule }) => rule),
    known,
  );
}

/** Writes down what every rule asks now, under its present version. */
export function writeReleased(book: readonly BookedRule[]): void {
  for (const { rule, folder } of book) {
    writeFileSync(`${folder}/${FILE}`, `${JSON.stringify(asKnown(rule), null, 2)}\n`);
  }
}
