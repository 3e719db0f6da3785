/**
 * How a warning may end: a closed list, kept in Chinese in the table because that is how the files
 * say it. Rules are measured by these (a data error counts against a rule, a clarification does not
 * count against the person).
 */
export const CONCLUSIONS = {
  FALSE_ALARM_DATA: ['误报-数据', 'False alarm: the data were wrong'],
  FALSE_ALARM_NOT_APPLICABLE: ['误报-不适用', 'False alarm: the rule does not apply'],
  CONSISTENT: ['基本一致', 'Substantially consistent'],
  OMISSION: ['漏报', 'Omitted in the declaration'],
  CONCEALMENT: ['瞒报', 'Concealed in the declaration'],
  VIOLATION: ['违规属实', 'Violation established'],
  PARTLY_TRUE: ['部分属实', 'Established in part'],
  NO_EVIDENCE: ['查无实据', 'No evidence found'],
  UNTRUE_CLARIFIED: ['不实-澄清', 'Untrue, and clarified'],
  TRANSFERRED: ['移交', 'Handed to another authority'],
} as const satisfies Record<string, readonly [zh: string, en: string]>;

export type Conclusion = (typeof CONCLUSIONS)[keyof typeof CONCLUSIONS][0];
