/** The bench's own arithmetic: a figure is what its name says. */
import { expect, test } from 'vitest';
import { percentile } from './bench/load.ts';
import { tableOf } from './bench/table.ts';

test('p95 is the ninety-fifth percentile, not the nearest one a tool happens to print', () => {
  const took = Array.from({ length: 1000 }, (_, i) => i + 1);
  expect(percentile(took, 0.5)).toBe(500);
  expect(percentile(took, 0.95)).toBe(950);
  expect(percentile([7], 0.95)).toBe(7);
  expect(percentile([], 0.95)).toBeNaN();
});

test('every figure stands under its heading, whatever is missing beside it', () => {
  const text = tableOf([
    { what: 'night', hub: '1.0 s', ratio: '0.50' },
    { what: 'memory', goal: '< 1 MB' },
  ]);
  const [header = '', night = '', memory = ''] = text.split('\n');
  expect(night.indexOf('0.50')).toBe(header.indexOf('ratio'));
  expect(memory.indexOf('< 1 MB')).toBe(header.indexOf('goal'));
});
