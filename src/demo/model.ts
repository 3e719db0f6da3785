/**
 * The true life of one family, before any department writes it down. Amounts are whole yuan. What an
 * official leaves out of a declaration is said beside the fact itself (`declared`), so that a planted
 * case is one changed field.
 */
import type { DocumentKind, Sex } from './numbers.ts';
import type { Unit } from './units.ts';

export type Person = { name: string; idNumber: string; sex: Sex; bornOn: string };

export type RelationWord = '配偶' | '长子' | '次子' | '长女' | '次女' | '女婿' | '儿媳';

export type Relative = {
  person: Person;
  relation: RelationWord;
  /** Counts into the household on 31 December of that year. */
  isCoLiving(year: number): boolean;
  from: string;
  /** Divorce; the row stays with its end. */
  to?: string;
};

export type Post = {
  unit: Unit;
  title: string;
  dutyCode: string;
  level: string;
  isLeadingMember: boolean;
  isAuditSubject: boolean;
  riskGrade: '高' | '中' | '低';
  startedOn: string;
  endedOn?: string;
  rotationExemption?: string;
};

export type Official = {
  person: Person;
  index: number;
  unit: Unit;
  level: string;
  authority: '市管' | '县管';
  employment: '在职' | '退休';
  workStartedOn: string;
  posts: Post[];
  audits: Audit[];
  petitions: Petition[];
  /** Families both of whose heads are officials have two; index 0 or 1 in the family. */
  place: number;
};

export type Income = {
  person: Person;
  year: number;
  item: string;
  payerName: string;
  payerCode: string;
  gross: number;
  tax: number;
};

/** How a fact appears in the declaration of a year: as it is, not at all, or with these words. */
export type Declared<Words> = (year: number) => 'as-it-is' | 'left-out' | Partial<Words>;

export type HomeWords = {
  unitNo: string;
  certificateNo: string;
  address: string;
  areaM2: string;
  use: string;
};

export type Home = HomeWords & {
  owners: { person: Person; share: string }[];
  ownership: '单独所有' | '共同共有' | '按份共有';
  obtainedBy: '购买' | '继承' | '赠与' | '拆迁安置';
  registeredOn: string;
  cancelledOn?: string;
  price?: number;
  mortgage?: number;
  soldFor?: number;
  declared: Declared<HomeWords>;
};

export type Vehicle = {
  owner: Person;
  vin: string;
  plate: string;
  brand: string;
  kind: string;
  obtainedBy: '购买' | '继承' | '赠与';
  registeredOn: string;
  endedOn?: string;
  price?: number;
  loan?: number;
  soldFor?: number;
};

export type TravelDocument = {
  person: Person;
  kind: DocumentKind;
  documentNo: string;
  issuedOn: string;
  expiresOn: string;
  state: '有效' | '注销' | '挂失' | '上交';
  endedOn?: string;
  declared: Declared<{ documentNo: string }>;
};

export type Trip = {
  document: TravelDocument;
  leftOn: string;
  returnedOn: string;
  region: string;
  port: string;
  transportNo: string;
  declared: Declared<{ leftOn: string; returnedOn: string }>;
};

export type Holding = {
  owner: Person;
  kind: string;
  name: string;
  isMarketValue: boolean;
  /** Stated amount on 31 December of a year; null = not held. */
  amount(year: number): number | null;
};

export type Audit = {
  reportNo: string;
  unit: Unit;
  periodFrom: string;
  periodTo: string;
  kind: '离任' | '任中' | '届中';
  reportedOn: string;
  findings: { no: string; category: string; text: string; amount: number; dueOn: string }[];
};

export type Petition = {
  caseNo: string;
  receivedOn: string;
  category: string;
  duplicateOf?: string;
};

export type Family = {
  index: number;
  officials: Official[];
  relatives: Relative[];
  incomes: Income[];
  homes: Home[];
  vehicles: Vehicle[];
  documents: TravelDocument[];
  trips: Trip[];
  holdings: Holding[];
};

export type AnswerKind = 'true' | 'near-miss';

/** One line of the sealed answer sheet. */
export type Answer = {
  rule: string;
  kind: AnswerKind;
  note_zh: string;
  note_en: string;
  /** Empty where the subject is a unit. */
  idNumber: string;
  unitCode?: string;
  severity?: 'red' | 'yellow' | 'blue';
};
