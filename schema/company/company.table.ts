/**
 * Market entities (市场主体) as the registration authority knows them, and who of the population stands
 * behind them. What is about the company alone is open like the public register; the edge between a
 * person and a company is a fact about the person, so only those who may see the person see it.
 */
import { bigint, date, index, numeric, text } from 'drizzle-orm/pg-core';
import {
  factAbout,
  factKey,
  factKeyOf,
  hub,
  registerFact,
  registerRows,
  signedInRows,
} from '../table-parts.ts';

const percent = (name: string) => numeric(name, { precision: 7, scale: 4 });
const fen = (name: string) => bigint(name, { mode: 'bigint' });

export const company = hub.table(
  'company',
  {
    ...factAbout('company'),
    /** GB 32100-2015; null for old registrations, which are known by name and address. */
    uscc: text('uscc'),
    name: text('name').notNull(),
    /** COMPANY_KIND */
    kind: text('kind').notNull(),
    address: text('address'),
    /** Six digits of GB/T 2260: where it is registered. */
    areaCode: text('area_code'),
    /** GB/T 4754 class, e.g. E4710. */
    industryCode: text('industry_code'),
    scope: text('scope'),
    capitalFen: fen('capital_fen'),
    foundedOn: date('founded_on'),
    /** COMPANY_STATE */
    state: text('state').notNull(),
    endedOn: date('ended_on'),
  },
  (t) => [
    factKeyOf(t.companyId, t),
    index('company_by_uscc').on(t.uscc),
    ...signedInRows('company'),
  ],
);

/** Shares a company holds in another. */
export const corporateShareholder = hub.table(
  'corporate_shareholder',
  {
    ...factAbout('company'),
    holderName: text('holder_name').notNull(),
    holderUscc: text('holder_uscc'),
    sharePercent: percent('share_percent'),
    subscribedFen: fen('subscribed_fen'),
    heldFrom: date('held_from'),
    heldTo: date('held_to'),
  },
  (t) => [factKeyOf(t.companyId, t), ...signedInRows('corporate_shareholder')],
);

/** What was changed in the register, and when. */
export const companyChange = hub.table(
  'company_change',
  {
    ...factAbout('company'),
    /** As the register words it: 法定代表人变更, 股东变更 … */
    item: text('item').notNull(),
    changedOn: date('changed_on').notNull(),
    before: text('before'),
    after: text('after'),
  },
  (t) => [factKeyOf(t.companyId, t), ...signedInRows('company_change')],
);

/** Shares a person holds. */
export const companyShareholder = hub.table(
  'company_shareholder',
  {
    ...registerFact,
    companyId: factAbout('company').companyId,
    companyName: text('company_name').notNull(),
    sharePercent: percent('share_percent'),
    subscribedFen: fen('subscribed_fen'),
    heldFrom: date('held_from'),
    heldTo: date('held_to'),
  },
  (t) => [
    factKey(t),
    index('company_shareholder_of').on(t.companyId),
    ...registerRows('company_shareholder'),
  ],
);

/** Offices a person holds in a company. */
export const companyOfficer = hub.table(
  'company_officer',
  {
    ...registerFact,
    companyId: factAbout('company').companyId,
    companyName: text('company_name').notNull(),
    /** COMPANY_OFFICE */
    office: text('office').notNull(),
    startedOn: date('started_on'),
    endedOn: date('ended_on'),
  },
  (t) => [
    factKey(t),
    index('company_officer_of').on(t.companyId),
    ...registerRows('company_officer'),
  ],
);
