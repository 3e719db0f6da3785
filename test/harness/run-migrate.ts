/** A migration in a process of its own, so that a failpoint can kill it. Arguments: database URL, folder. */
import { Secret } from '../../src/base/secret.ts';
import { migrate } from '../../src/platform/migrate.ts';

const [url = '', folder = ''] = process.argv.slice(2);
await migrate(new Secret(url), { folder });
