/** A process that helps with a night under way. Arguments: database URL, night, person at the gate. */
import { systemClock } from '../../src/base/clock.ts';
import { createLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { helpNight } from '../../src/pipeline/index.ts';
import { connect } from '../../src/platform/database.ts';
import { gatedRules, KEY } from '../rules/night-world.ts';

const [url = '', nightId = '', personId = ''] = process.argv.slice(2);
const sql = connect(new Secret(url), { role: 'worker' });
const log = createLog();
const rules = gatedRules(personId);
try {
  await helpNight({ sql, identityKey: KEY, clock: systemClock, log, rules, workers: 1 }, nightId);
} catch (error) {
  log.error('night.help-ended', error);
  process.exitCode = 1;
}
await sql.end();
