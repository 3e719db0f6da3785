/** Real-estate titles (不动产登记), one row per owner and unit. */
import { bigint, date, numeric, text } from 'drizzle-orm/pg-core';
import { factKey, hub, registerFact, registerRows } from '../table-parts.ts';

export const property = hub.table(
  'property',
  {
    ...registerFact,
    /** 不动产单元号, 28 characters (GB/T 37346-2019). */
    unitNo: text('unit_no').notNull(),
    certificateNo: text('certificate_no'),
    address: text('address').notNull(),
    /** residential | parking | storage | commercial | office | other */
    use: text('use').notNull(),
    areaM2: numeric('area_m2', { precision: 10, scale: 2 }).notNull(),
    /** sole | joint | shares */
    ownership: text('ownership').notNull(),
    /** Share of this owner in percent; 100 for sole and joint ownership. */
    sharePercent: numeric('share_percent', { precision: 5, scale: 2 }).notNull(),
    /** purchase | inheritance | gift | resettlement | self-built | court | other */
    obtainedBy: text('obtained_by').notNull(),
    registeredOn: date('registered_on').notNull(),
    cancelledOn: date('cancelled_on'),
    priceFen: bigint('price_fen', { mode: 'bigint' }),
    mortgageFen: bigint('mortgage_fen', { mode: 'bigint' }),
    /** Proceeds when the title ended by sale. */
    soldForFen: bigint('sold_for_fen', { mode: 'bigint' }),
  },
  (t) => [factKey(t), ...registerRows('property')],
);
