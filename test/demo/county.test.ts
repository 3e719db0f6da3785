/** What the demo county promises about its files, before any hub reads them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { validResidentId } from '../../connectors/kit/values/resident-id.ts';
import { isSecondOfCouple, makeCounty } from '../../src/demo/county.ts';
import { COMPLAINANT_TOKEN } from '../../src/demo/departments/petition.ts';
import { makeFamily } from '../../src/demo/family.ts';
import { deliverCounty } from '../../src/demo/index.ts';
import { inTurn } from '../../src/demo/planted/deal.ts';
import { plant } from '../../src/demo/planted/household.ts';
import { BOOK, type CountyUnderTest, county, digestOf, filesOf } from './county-under-test.ts';

/** ID numbers of a family, or of the people of a planted case. */
function idsOf(whole: ReturnType<typeof makeCounty>, index: number): string[] {
  const plantable = whole.deal.get(index);
  if (!plantable) {
    const family = makeFamily(whole, index);
    return [...family.officials, ...family.relatives].map(({ person }) => person.idNumber);
  }
  const { cast, facts } = plant(BOOK, whole, index, plantable);
  return [...new Set(facts.map(({ of }) => cast.person(of).idNumber))];
}

describe('the county', () => {
  let made: CountyUnderTest;
  beforeAll(async () => {
    made = await county(1500);
  });

  it('is the same to the byte for the same options and another for another seed', async () => {
    const small = await county(200);
    const again = await county(200);
    const other = await county(200, 2);
    expect(digestOf(again.folder)).toBe(digestOf(small.folder));
    expect(digestOf(other.folder)).not.toBe(digestOf(small.folder));
  });

  it('names only people with valid IDs of the area 999901, each ID once', () => {
    const options = { officials: 1500, seed: 1, until: '2026-06-30' };
    const whole = makeCounty(options, BOOK.cases);
    const familyOf = new Map<string, number>();
    for (let index = 0; index < 1500; index += 1) {
      if (isSecondOfCouple(whole, index)) continue;
      for (const idNumber of idsOf(whole, index)) {
        expect(validResidentId(idNumber) && idNumber.startsWith('999901')).toBe(true);
        expect(familyOf.get(idNumber) ?? index).toBe(index);
        familyOf.set(idNumber, index);
      }
    }
    expect(familyOf.size).toBeGreaterThan(3000);
  });

  it('plants every case of every rule that fits and that a department could deliver', () => {
    const told = made.answers.map(({ rule, kind, note_en }) => `${rule} ${kind} ${note_en}`);
    // One official in four at most; the book of the hub itself is far smaller.
    const wanted = inTurn(BOOK.cases)
      .slice(0, 1500 / 4)
      .map(({ kind, told: { ruleId, given } }) => `${ruleId} ${kind} ${given.name}`);
    expect(wanted.filter((each) => !told.includes(each))).toEqual([]);
    expect(wanted.length).toBeGreaterThanOrEqual(100);
  });

  it('plants as many cases as fit, the same ones first, all rules in turn', async () => {
    const small = await county(60);
    expect(small.answers).toHaveLength(15);
    const rules = new Set(BOOK.cases.map(({ told }) => told.ruleId));
    expect(new Set(small.answers.map(({ rule }) => rule)).size).toBe(Math.min(15, rules.size));
    const first = inTurn(BOOK.cases).slice(0, 15);
    expect(small.answers.map(({ rule, note_en }) => `${rule} ${note_en}`)).toEqual(
      first.map(({ told: { ruleId, given } }) => `${ruleId} ${given.name}`),
    );
  });

  it('keeps every answer about a person with a note in both languages', () => {
    for (const { idNumber, unitCode, note_zh, note_en } of made.answers) {
      expect(validResidentId(idNumber) || unitCode !== undefined).toBe(true);
      expect([note_zh, note_en].every((note) => note.length > 0)).toBe(true);
    }
  });

  it('fills the columns of the agreements, no more and no less', async () => {
    const connectors = await loadConnectors();
    for (const { feed, sheets } of BOOK.departments) {
      if (feed === 'declaration') continue;
      const agreed = Object.values(connectors.get(feed)?.manifest.sheets ?? {});
      expect(sheets.map(({ columns }) => columns.map(([column]) => column))).toEqual(
        agreed.map(({ columns }) => Object.keys(columns)),
      );
    }
  });

  it('writes complainants into the petition files and nowhere else', () => {
    const holding = filesOf(made.folder).filter((file) =>
      readFileSync(join(made.folder, file)).includes(COMPLAINANT_TOKEN),
    );
    expect(holding.length).toBeGreaterThan(0);
    expect(holding.filter((file) => !file.startsWith(join('drop', 'petition')))).toEqual([]);
  });

  it('delivers every feed up to the last day, however small it is', async () => {
    const { summary } = await county(60);
    for (const { feed } of BOOK.departments) {
      const dates = summary.departments[feed]?.deliveries.map(({ asOf }) => asOf) ?? [];
      expect([feed, dates.includes('2026-06-30')]).toEqual([feed, true]);
    }
  });

  it('refuses a county it cannot build', async () => {
    const options = { officials: 0, seed: 1, until: '2026-06-30', folder: made.folder };
    await expect(deliverCounty(options)).rejects.toThrow('officials');
  });
});
