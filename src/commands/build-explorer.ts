/** Builds the explorer below the folder given and prints where; run as a process of its own. */
import { buildExplorer } from '../api/explorer/build.ts';

process.stdout.write(await buildExplorer(process.argv[2] ?? ''));
