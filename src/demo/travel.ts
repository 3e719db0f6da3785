/** Documents and border crossings of base life: every own document and private trip is declared. */
import { addDays, yearOf } from './calendar.ts';
import type { Family, Person, TravelDocument, Trip } from './model.ts';
import { type DocumentKind, documentNo } from './numbers.ts';
import type { Random } from './random.ts';

const asItIs = (): 'as-it-is' => 'as-it-is';

export type DocumentWish = Partial<TravelDocument> & { person: Person; kind: DocumentKind };

/** A document with a number of its own; `wish` overrides. */
export function addDocument(family: Family, wish: DocumentWish): TravelDocument {
  const issuedOn = wish.issuedOn ?? '2020-05-18';
  const years = wish.kind === 'official-passport' ? 5 : 10;
  const document: TravelDocument = {
    documentNo: documentNo(wish.kind, family.index, family.documents.length),
    issuedOn,
    expiresOn: addDays(`${yearOf(issuedOn) + years}${issuedOn.slice(4)}`, -1),
    state: '有效',
    declared: asItIs,
    ...wish,
  };
  family.documents.push(document);
  return document;
}

type Destination = readonly [region: string, port: string, transport: string];
const BY_PERMIT: readonly [Destination, ...Destination[]] = [
  ['香港', '罗湖口岸', ''],
  ['香港', '深圳湾口岸', ''],
  ['澳门', '拱北口岸', ''],
];
const BY_PASSPORT: readonly [Destination, ...Destination[]] = [
  ['日本', '上海浦东机场', 'MU523'],
  ['泰国', '杭州萧山机场', 'CZ8475'],
  ['新加坡', '上海浦东机场', 'MU543'],
  ['韩国', '杭州萧山机场', 'KE872'],
  ['法国', '北京首都机场', 'CA933'],
  ['澳大利亚', '广州白云机场', 'CZ321'],
];

export type TripWish = Partial<Trip> & { document: TravelDocument; leftOn: string; days: number };

/** A round trip on one document; `wish` overrides. */
export function addTrip(family: Family, random: Random, wish: TripWish): Trip {
  const { days, ...rest } = wish;
  const isPermit = rest.document.kind === 'hk-macau-permit';
  const [region, port, transportNo] = random.pick(isPermit ? BY_PERMIT : BY_PASSPORT);
  const returnedOn = addDays(rest.leftOn, days);
  const trip: Trip = { region, port, transportNo, returnedOn, declared: asItIs, ...rest };
  family.trips.push(trip);
  return trip;
}

/** Trips stay within a calendar year and apart from each other. */
const startDays = (random: Random, until: string): string[] =>
  ['2023-08-01', '2024-02-20', '2024-07-15', '2025-03-01', '2025-08-01', '2026-02-20']
    .filter(() => random.chance(0.18))
    .map((from) => addDays(from, random.int(0, 90)))
    .filter((day) => addDays(day, 15) < until);

export function travel(family: Family, random: Random, until: string): void {
  const travellers = [
    ...family.officials.map(({ person }) => ({ person, isOfficial: true })),
    ...family.relatives
      .filter(({ person }) => person.bornOn < '2008-01-01')
      .map(({ person }) => ({ person, isOfficial: false }))
      .filter(({ person }) => !family.officials.some((official) => official.person === person)),
  ];
  for (const { person, isOfficial } of travellers) {
    if (random.chance(0.36)) own(family, random, person, 'passport', until);
    if (random.chance(0.3)) own(family, random, person, 'hk-macau-permit', until);
    if (random.chance(0.05)) addDocument(family, { person, kind: 'taiwan-permit' });
    if (isOfficial && random.chance(0.04)) onDuty(family, random, person);
  }
}

function own(
  family: Family,
  random: Random,
  person: Person,
  kind: DocumentKind,
  until: string,
): void {
  const issuedOn = addDays('2016-02-01', random.int(0, 2500));
  const document = addDocument(family, { person, kind, issuedOn });
  for (const leftOn of startDays(random, until)) {
    if (leftOn <= addDays(issuedOn, 30)) continue;
    addTrip(family, random, { document, leftOn, days: random.int(kind === 'passport' ? 3 : 1, 9) });
  }
}

/** A trip on duty, on an official passport: nobody declares it. */
function onDuty(family: Family, random: Random, person: Person): void {
  const issuedOn = addDays('2023-09-01', random.int(0, 300));
  const leftOut = (): 'left-out' => 'left-out';
  const document = addDocument(family, {
    person,
    kind: 'official-passport',
    issuedOn,
    declared: leftOut,
  });
  const leftOn = addDays(issuedOn, random.int(30, 400));
  addTrip(family, random, { document, leftOn, days: 6, declared: leftOut });
}
