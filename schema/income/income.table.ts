/** Income as withheld or settled with the tax bureau (个人所得税法 art. 2). Money in 分. */
import { bigint, boolean, date, smallint, text } from 'drizzle-orm/pg-core';
import { factKey, hub, registerFact, registerRows } from '../table-parts.ts';

export const income = hub.table(
  'income',
  {
    ...registerFact,
    taxYear: smallint('tax_year').notNull(),
    /** wages | labour | royalty | licence | business | interest | rent | transfer | occasional */
    item: text('item').notNull(),
    payerName: text('payer_name').notNull(),
    payerCode: text('payer_code').notNull(),
    grossFen: bigint('gross_fen', { mode: 'bigint' }).notNull(),
    deductionFen: bigint('deduction_fen', { mode: 'bigint' }),
    taxFen: bigint('tax_fen', { mode: 'bigint' }),
    /** After the yearly settlement (1 March – 30 June of the next year). */
    isSettled: boolean('is_settled').notNull(),
    reportedOn: date('reported_on'),
  },
  (t) => [factKey(t), ...registerRows('income')],
);
