/**
 * In which order feeds are best pulled. The graph is the same in any; but what is told about somebody
 * is linked once the person is known, so whoever says who is an official comes first, then whoever
 * says who is family, and each fact is linked once.
 */
import { type Manifest, tablesWritten } from '../../connectors/kit/manifest.ts';

const FIRST = ['official', 'kinship'];

/** 0 comes first. */
export function pullRank(manifest: Manifest): number {
  const tables = tablesWritten(manifest);
  const rank = FIRST.findIndex((kind) => tables.has(kind));
  return rank < 0 ? FIRST.length : rank;
}
