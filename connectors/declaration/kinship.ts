/**
 * 家庭成员 → kinship. The key has no year: next year's declaration states the same relationship again
 * and corrects it; a year in the key would give every official a new family each January.
 */
import type { FactRecord, MapKit, PersonMention, TypedRow } from '../kit/record.ts';
import { foldName } from '../kit/values/name.ts';
import { readSection } from './section-reader.ts';
import { FAMILY } from './sections.ts';

/** One record for each family member named in the declaration. */
export function kinshipOf(row: TypedRow, official: PersonMention, kit: MapKit): FactRecord[] {
  return readSection(row, FAMILY, kit).map((body) => {
    const relativeName = String(body.relativeName);
    const idNumber = body.relativeIdNumber;
    // Without a number a relative is somebody only within this family.
    const identity = typeof idNumber === 'string' ? idNumber : foldName(relativeName);
    const number = typeof idNumber === 'string' ? idNumber : `${official.number}/${identity}`;
    return {
      kind: FAMILY.kind,
      key: [official.number, identity].map(kit.keyForm),
      person: official,
      mentions: { relativeId: { scheme: 'resident-id', number, name: relativeName } },
      body,
    };
  });
}
