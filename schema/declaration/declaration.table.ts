/** The yearly declaration (领导干部报告个人有关事项) and the sections the rules compare. */
import { bigint, boolean, date, numeric, smallint, text } from 'drizzle-orm/pg-core';
import { fact, factKey, hub, managedRows } from '../table-parts.ts';

export const declaration = hub.table(
  'declaration',
  {
    ...fact,
    /** Report year: the state on 31 December of this year. */
    year: smallint('year').notNull(),
    /** annual | change | first */
    kind: text('kind').notNull(),
    signedOn: date('signed_on'),
    /** Sections stated as 无 (nothing to report); a section absent from both is not filled in. */
    nilSections: text('nil_sections').array().notNull(),
    maritalState: text('marital_state'),
    /** Wages, bonuses, allowances and fees the official states, in 分. */
    wagesFen: bigint('wages_fen', { mode: 'bigint' }),
    feesFen: bigint('fees_fen', { mode: 'bigint' }),
  },
  (t) => [factKey(t), ...managedRows('declaration')],
);

export const declaredProperty = hub.table(
  'declared_property',
  {
    ...fact,
    year: smallint('year').notNull(),
    ownerName: text('owner_name').notNull(),
    unitNo: text('unit_no'),
    certificateNo: text('certificate_no'),
    address: text('address').notNull(),
    /** residential | parking | storage | commercial | other */
    use: text('use').notNull(),
    areaM2: numeric('area_m2', { precision: 10, scale: 2 }),
    obtainedBy: text('obtained_by'),
    boughtOn: date('bought_on'),
    priceFen: bigint('price_fen', { mode: 'bigint' }),
    /** Disposal stated: sale | gift | other; null = still held. */
    disposedBy: text('disposed_by'),
  },
  (t) => [factKey(t), ...managedRows('declared_property')],
);

export const declaredDocument = hub.table(
  'declared_document',
  {
    ...fact,
    year: smallint('year').notNull(),
    /** passport | hk-macau-permit | taiwan-permit */
    kind: text('kind').notNull(),
    documentNo: text('document_no').notNull(),
    issuedOn: date('issued_on'),
    expiresOn: date('expires_on'),
    custodian: text('custodian'),
  },
  (t) => [factKey(t), ...managedRows('declared_document')],
);

export const declaredTrip = hub.table(
  'declared_trip',
  {
    ...fact,
    year: smallint('year').notNull(),
    leftOn: date('left_on').notNull(),
    returnedOn: date('returned_on'),
    region: text('region'),
    reason: text('reason'),
    approvedBy: text('approved_by'),
    documentNo: text('document_no'),
  },
  (t) => [factKey(t), ...managedRows('declared_trip')],
);

/** Stocks, funds, investment insurance, deposits and investments abroad, business shares; loans. */
export const declaredHolding = hub.table(
  'declared_holding',
  {
    ...fact,
    year: smallint('year').notNull(),
    ownerName: text('owner_name').notNull(),
    /** stock | fund | insurance | business | foreign | loan-given | loan-taken | gift-received | inheritance */
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    /** Cost or stated value in 分, as the form asks for that kind. */
    amountFen: bigint('amount_fen', { mode: 'bigint' }).notNull(),
    isMarketValue: boolean('is_market_value').notNull(),
  },
  (t) => [factKey(t), ...managedRows('declared_holding')],
);
