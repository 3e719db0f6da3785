/** Evidence of a warning, down to the delivered row as it came, identity numbers masked. */
import { deliveredRowField } from '../feed/delivered-row.type.ts';
import { Feed, feeds } from '../feed/feed.type.ts';
import { column, one, type RowRef } from '../fields.ts';
import { rowType } from '../row-types.ts';
import { warningEvidence } from './warning.table.ts';

const grant = 'evidence.read';

export const Evidence: RowRef = rowType('Evidence', {
  ...{ zh: '证据', en: 'An input value with the delivered row it came from' },
  grant,
  fields: (t) => ({
    position: column(t, warningEvidence.position, { grant, zh: '序号', en: 'Position' }),
    labelZh: column(t, warningEvidence.labelZh, { grant, zh: '含义', en: 'Meaning in Chinese' }),
    labelEn: column(t, warningEvidence.labelEn, { grant, zh: '含义（英文）', en: 'In English' }),
    valueZh: column(t, warningEvidence.valueZh, { grant, zh: '取值', en: 'Value in Chinese' }),
    valueEn: column(t, warningEvidence.valueEn, { grant, zh: '取值（英文）', en: 'In English' }),
    asOf: column(t, warningEvidence.asOf, { grant, zh: '数据日期', en: 'Date of the data' }),
    feed: one(t, Feed, {
      ...{ grant: 'source.read', zh: '数据源', en: 'Feed', source: feeds },
      on: (p, f) => `${f}.feed_id = ${p}.feed_id`,
    }),
    delivered: deliveredRowField(t, grant),
  }),
});
