/**
 * Before the first release no installation holds data, so all generated migrations become one again.
 * SQL written by hand stays where it is, in files of its own.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastReleased, listMigrations } from '../../src/platform/migration-files.ts';
import { generatedText, isEdited, isGenerated, Refusal, statementsBetween } from './generate.ts';
import { nothing, type Snapshot, writeSnapshot } from './snapshot.ts';

/** The one file of tables; it runs after the roles and before whatever carries a date. */
export const FOLDED = '0001_tables';

/** Writes the tables of `now` as one migration and takes the other generated ones away. */
export async function fold(folder: string, now: Snapshot): Promise<string[]> {
  const released = lastReleased(folder);
  if (released !== undefined) {
    throw new Refusal(`${released} has been released: migrations are no longer folded.`);
  }
  const generated = listMigrations(folder).filter(
    ({ tag, text }) => tag !== FOLDED && isGenerated(text),
  );
  const edited = generated.find(({ text }) => isEdited(text));
  if (edited) {
    throw new Refusal(
      `${edited.tag}.sql was generated and then edited: folding would lose the edit. Move what was ` +
        'written by hand to a file of its own (npm run migration -- --name x --by-hand), or delete the file.',
    );
  }
  const statements = await statementsBetween(nothing(), now);
  writeFileSync(join(folder, `${FOLDED}.sql`), generatedText(statements));
  for (const { tag } of generated) rmSync(join(folder, `${tag}.sql`));
  writeSnapshot(join(folder, 'snapshot'), now);
  return generated.map(({ tag }) => tag);
}
