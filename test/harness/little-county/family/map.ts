/** A family row is about the official and mentions the relative. */
import type { MapRow } from '../../../../connectors/kit/record.ts';

const map: MapRow = ({ values }, kit) => {
  const { name, idNumber, ...body } = values;
  const number = String(values.relativeIdNumber);
  return {
    records: [
      {
        kind: 'kinship',
        key: [kit.keyForm(idNumber), kit.keyForm(number)],
        person: { scheme: 'resident-id', number: String(idNumber), name: String(name) },
        body,
        mentions: {
          relativeId: { scheme: 'resident-id', number, name: String(values.relativeName) },
        },
      },
    ],
  };
};
export default map;
