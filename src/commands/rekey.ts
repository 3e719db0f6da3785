/**
 * hub rekey --to <file>: another identity key for everything (src/pipeline/rekey.ts). Runs alone, with
 * the logins of the owner and of the workers and the present key; may be run again after a kill.
 */
import { resolve } from 'node:path';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { LOGIN_SETTINGS, loadConfig } from '../base/config.ts';
import { HubError } from '../base/errors.ts';
import { createLog } from '../base/log.ts';
import { readPrivateFile } from '../base/private-file.ts';
import { Secret } from '../base/secret.ts';
import { beginRekey, endRekey, pullRank, syncFeed } from '../pipeline/index.ts';
import { connect } from '../platform/database.ts';
import { openDatabase, urlOf } from './databases.ts';
import { clockOf } from './hub.ts';
import { parse, UsageError } from './options.ts';
import { openSteps } from './steps.ts';
import { Closing, listenForStop } from './stopping.ts';

async function* nothingNew() {}

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parse(args, { to: { type: 'string' } });
  if (!values.to)
    throw new UsageError('请用 --to 写明新密钥的文件', 'Name the file of the new key: --to');
  const to = new Secret(readPrivateFile('--to', resolve(values.to)));
  const config = loadConfig(['owner', 'worker']);
  const from = config.identityKey;
  const owner = config.database?.owner;
  if (!from || !owner || !config.isProduction) {
    throw new HubError('config.invalid', {
      setting: LOGIN_SETTINGS.owner,
      reason: `${LOGIN_SETTINGS.owner}: only an installation with a key of its own is given another`,
    });
  }
  const closing = new Closing();
  const { signal } = listenForStop();
  const steps = openSteps();
  const log = createLog();
  try {
    const urls = await openDatabase({ config, log, closing, signal }, ['worker']);
    const ownerSql = connect(owner, { role: 'owner', max: 1, name: 'hub-rekey' });
    closing.add(() => ownerSql.end({ timeout: 5 }));
    await beginRekey(ownerSql, from, to);
    const sql = connect(urlOf(urls, 'worker'), { role: 'worker', max: 8, name: 'hub-rekey' });
    closing.add(() => sql.end({ timeout: 5 }));
    const connectors = await loadConnectors();
    const clock = clockOf(config);
    const feeds = [...connectors.values()].sort(
      (a, b) => pullRank(a.manifest) - pullRank(b.manifest),
    );
    for (const { id, manifest } of feeds) {
      await steps.run(`重算${manifest.title.zh}`, `make ${id} anew`, async (onProgress) => {
        const context = { sql, identityKey: to, clock, log, connectors, onProgress, signal };
        const { deliveries, error } = await syncFeed(context, id, nothingNew(), 'rekey');
        if (error) throw error;
        return { value: undefined, note: `${deliveries.length} 批 deliveries` };
      });
    }
    await steps.run('更换人员编号', 'follow the persons', async () => {
      const persons = await endRekey(ownerSql, to);
      return { value: undefined, note: `${persons} 人 persons` };
    });
  } finally {
    await closing.close();
  }
  return 0;
}
