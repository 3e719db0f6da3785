/** Vehicle registrations. Vehicles are not a declaration item: never "not declared" (domain §0). */
import { bigint, date, text } from 'drizzle-orm/pg-core';
import { factKey, hub, registerFact, registerRows } from '../table-parts.ts';

export const vehicle = hub.table(
  'vehicle',
  {
    ...registerFact,
    /** VIN (GB 16735): identifies the car; plates move between cars. */
    vin: text('vin').notNull(),
    plate: text('plate').notNull(),
    brand: text('brand').notNull(),
    /** car | suv | van | truck | motorcycle | trailer | other */
    kind: text('kind').notNull(),
    /** purchase | inheritance | gift | other */
    obtainedBy: text('obtained_by').notNull(),
    registeredOn: date('registered_on').notNull(),
    /** normal | transferred | cancelled | mortgaged */
    state: text('state').notNull(),
    endedOn: date('ended_on'),
    priceFen: bigint('price_fen', { mode: 'bigint' }),
    loanFen: bigint('loan_fen', { mode: 'bigint' }),
    soldForFen: bigint('sold_for_fen', { mode: 'bigint' }),
  },
  (t) => [factKey(t), ...registerRows('vehicle')],
);
