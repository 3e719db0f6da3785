/** Where a fact comes from: feed, and the date the department cut the data. */
import type { Grant } from '../../src/access/grants.ts';
import { expression, type Fields, sameRow } from '../fields.ts';
import { rowType } from '../row-types.ts';

const grant = 'source.read';

export const Provenance = rowType('Provenance', {
  ...{ zh: '数据出处', en: 'Where a fact comes from' },
  grant,
  fields: (t) => ({
    feedId: expression(t, {
      ...{ grant, zh: '数据源', en: 'Feed', type: 'String' },
      sql: (row) => `${row}.feed_id`,
    }),
    knownFrom: expression(t, {
      ...{ grant, zh: '数据日期', en: 'Date of the data', type: 'Date' },
      sql: (row) => `${row}.known_from`,
    }),
    batchId: expression(t, {
      ...{ grant, zh: '批次', en: 'Batch', type: 'Int' },
      sql: (row) => `${row}.batch_id`,
    }),
    row: expression(t, {
      ...{ grant, zh: '原始行号', en: 'Row of the delivery', type: 'Int' },
      sql: (row) => `${row}.ordinal`,
    }),
  }),
});

/** Whoever may read the fact may see where it comes from, if sources are open to them. */
export const deliveredBy = (t: Fields, factGrant: Grant) =>
  sameRow(t, Provenance, { grant: factGrant, zh: '出处', en: 'Where it comes from' });
