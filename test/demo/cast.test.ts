/** The people of planted cases live when their rows say they do. */
import { expect, test } from 'vitest';
import { factsOf } from '../../src/cases/index.ts';
import { castOf } from '../../src/demo/planted/cast.ts';
import { BOOK } from './county-under-test.ts';

const DAY = /^\d{4}-\d{2}-\d{2}/;

test('nobody owns, drives or directs anything before being born', () => {
  const early = BOOK.cases.flatMap(({ told }, index) =>
    Array.from({ length: 12 }, (_, n) => n).flatMap((seed) => {
      const cast = castOf(seed, index);
      return factsOf(BOOK.kinds, told, cast).flatMap(({ kind, of, row }) => {
        const { bornOn } = cast.person(of);
        return Object.entries(row).flatMap(([field, value]) => {
          const day = typeof value === 'string' ? DAY.exec(value)?.[0] : undefined;
          const isEarly = day !== undefined && day < bornOn;
          return isEarly
            ? [`${told.ruleId} ${told.given.name}: ${kind}.${field} ${day} < ${bornOn}`]
            : [];
        });
      });
    }),
  );
  expect(early).toEqual([]);
});
