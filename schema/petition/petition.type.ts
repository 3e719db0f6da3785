/** Petitions about a person. Nothing here can say who sent one: the hub never stored it. */
import { deliveredBy } from '../feed/provenance.type.ts';
import { column, descending, many, ofPerson, type RowRef } from '../fields.ts';
import { closedList } from '../inputs.ts';
import { Cadre } from '../person/person.type.ts';
import { addFields, rowType } from '../row-types.ts';
import { facts } from '../sources.ts';
import { petition } from './petition.table.ts';

const Channel = closedList('PetitionChannel', ['信访渠道', 'Channel of a petition'], {
  letter: ['来信', 'Letter'],
  visit: ['来访', 'Visit'],
  call: ['来电', 'Call'],
  web: ['网络', 'Web'],
  sms: ['短信', 'Text message'],
});
const Category = closedList('PetitionCategory', ['反映问题类别', 'What a petition is about'], {
  property: ['房产财产', 'Property'],
  company: ['经商办企业', 'Companies'],
  travel: ['出国（境）', 'Travel'],
  appointment: ['选人用人', 'Appointments'],
  conduct: ['作风', 'Conduct'],
  funds: ['资金', 'Funds'],
  other: ['其他', 'Other'],
});
const Disposal = closedList('PetitionDisposal', ['处置方式', 'What was done'], {
  talk: ['谈话函询', 'Talk'],
  'preliminary-check': ['初步核实', 'Preliminary check'],
  shelved: ['暂存待查', 'Shelved'],
  closed: ['了结', 'Closed'],
});
const Outcome = closedList('PetitionConclusion', ['核查结论', 'What it came to'], {
  true: ['属实', 'True'],
  'partly-true': ['部分属实', 'Partly true'],
  untrue: ['不实', 'Untrue'],
  'not-established': ['查无实据', 'Not established'],
});

const grant = 'petition.read';
const petitions = facts(petition);

export const Petition: RowRef = rowType('Petition', {
  ...{ zh: '信访举报（不含举报人信息）', en: 'A petition, without anything about its sender' },
  source: petitions,
  grant,
  fields: (t) => ({
    caseNo: column(t, petition.caseNo, { grant, zh: '件号', en: 'Case' }),
    channel: column(t, petition.channel, { grant, zh: '渠道', en: 'Channel', type: Channel }),
    receivedOn: column(t, petition.receivedOn, { grant, zh: '收到日期', en: 'Received on' }),
    acceptedOn: column(t, petition.acceptedOn, { grant, zh: '受理日期', en: 'Accepted on' }),
    dueOn: column(t, petition.dueOn, { grant, zh: '办结期限', en: 'Due on' }),
    category: column(t, petition.category, { grant, zh: '类别', en: 'About', type: Category }),
    specificity: column(t, petition.specificity, {
      grant,
      zh: '具体程度（0–5）',
      en: 'How concrete',
    }),
    duplicateOf: column(t, petition.duplicateOf, { grant, zh: '重复件', en: 'Repeats case' }),
    disposal: column(t, petition.disposal, { grant, zh: '处置', en: 'Done', type: Disposal }),
    conclusion: column(t, petition.conclusion, {
      ...{ grant, zh: '结论', en: 'Conclusion', type: Outcome },
    }),
    concludedOn: column(t, petition.concludedOn, { grant, zh: '结论日期', en: 'Concluded on' }),
    delivered: deliveredBy(t, grant),
  }),
});

addFields([Cadre], (t) => ({
  petitions: many(t, Petition, {
    ...{ grant, zh: '信访举报', en: 'Petitions, newest first' },
    source: petitions,
    ...ofPerson,
    orderBy: [descending('received_on')],
  }),
}));
