/** A thread that interprets pages of one batch: a page comes in, its lines go out, in order. */
import { parentPort, workerData } from 'node:worker_threads';
import { openFeed } from '../../../connectors/kit/open-feed.ts';
import { Secret } from '../../base/secret.ts';
import { type LandedPage, pageInterpreter } from './interpret-page.ts';
import type { ThreadSetup } from './interpreters.ts';

const { manifest, folder, batch, identityKey, tables } = workerData as ThreadSetup;
const port = parentPort;
if (!port) throw new Error('not a thread');
const interpret = pageInterpreter({
  connector: await openFeed(manifest, folder),
  batch,
  identityKey: new Secret(identityKey),
  tables,
});
port.on('message', (page: LandedPage) => {
  const interpreted = interpret(page);
  port.postMessage(interpreted, [
    interpreted.page.buffer,
    interpreted.lines.buffer,
    interpreted.keys.buffer,
  ]);
});
