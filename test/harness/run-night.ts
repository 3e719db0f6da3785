/** A night in a process of its own, so that a failpoint can kill it. Arguments: database URL, date. */

import { systemClock } from '../../src/base/clock.ts';
import { createLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { correlate } from '../../src/pipeline/correlate/index.ts';
import { connect } from '../../src/platform/database.ts';

const [url = '', asOf = ''] = process.argv.slice(2);
const sql = connect(new Secret(url), { role: 'worker' });
const log = createLog();
try {
  const context = {
    sql,
    identityKey: new Secret('key of this test'),
    clock: systemClock,
    log,
    leaseMs: 1000,
  };
  await correlate(context, { asOf, mode: 'auto', requestedBy: 'test' });
} catch (error) {
  log.error('night.failed', error);
  process.exitCode = 1;
}
await sql.end();
