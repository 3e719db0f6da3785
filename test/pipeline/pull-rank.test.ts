/** The order feeds are pulled in follows from what they deliver, not from a list of names. */
import { expect, test } from 'vitest';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { pullRank } from '../../src/pipeline/index.ts';

test('whoever says who is an official comes first, then family, then everybody else', async () => {
  const ranks = new Map(
    [...(await loadConnectors())].map(([id, { manifest }]) => [id, pullRank(manifest)]),
  );
  expect([ranks.get('roster'), ranks.get('declaration')]).toEqual([0, 1]);
  expect([...ranks.values()].filter((rank) => rank < 2)).toHaveLength(2);
});
