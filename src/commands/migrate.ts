/** hub migrate: brings the database to the present schema and says so. */
import { loadConfig } from '../base/config.ts';
import { createLog } from '../base/log.ts';
import { openDatabase } from './hub.ts';
import { parse } from './options.ts';
import { Closing } from './stopping.ts';

export async function run(args: readonly string[]): Promise<number> {
  parse(args, {});
  const closing = new Closing();
  try {
    await openDatabase({ config: loadConfig(), log: createLog(), closing });
    process.stdout.write('数据库已是当前结构。The database has the present schema.\n');
  } finally {
    await closing.close();
  }
  return 0;
}
