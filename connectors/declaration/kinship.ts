/**
 * 家庭成员 → kinship. The key has no year: next year's declaration states the same relationship again
 * and corrects it; a year in the key would give every official a new family each January.
 */
import type { FactRecord, MapKit, PersonMention, TypedRow } from '../kit/record.ts';
import { foldName } from '../kit/values/name.ts';
import { readSection } from './section-reader.ts';

const FIELDS = ['称谓', '姓名', '身份证号', '出生日期', '共同生活', '起', '止'];

/** One record for each family member named in the declaration. */
export function kinshipOf(row: TypedRow, official: PersonMention, kit: MapKit): FactRecord[] {
  return readSection(row, '家庭成员', FIELDS, kit).map((relative) => {
    const relativeName = String(relative.read('姓名', 'name', { required: true }));
    const idNumber = relative.read('身份证号', 'resident-id');
    // Without a number a relative is somebody only within this family.
    const identity = typeof idNumber === 'string' ? idNumber : foldName(relativeName);
    const number = typeof idNumber === 'string' ? idNumber : `${official.number}/${identity}`;
    return {
      kind: 'kinship',
      key: [official.number, identity].map(kit.keyForm),
      person: official,
      mentions: { relativeId: { scheme: 'resident-id', number, name: relativeName } },
      body: {
        relativeName,
        relativeIdNumber: idNumber,
        relativeBornOn: relative.read('出生日期', 'date'),
        relation: relative.read('称谓', 'code', { required: true, codes: 'relation' }),
        isCoLiving: relative.read('共同生活', 'boolean', { required: true }),
        validFrom: relative.read('起', 'date'),
        validTo: relative.read('止', 'date'),
      },
    };
  });
}
