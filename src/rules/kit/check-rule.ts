/**
 * What the shape of rule.yml cannot say: places and parameters that must exist on both sides, the words
 * and the SQL. Everything here is found when the rule is loaded, not on the night it runs.
 */
import { FACT_TABLES } from '../../../schema/fact-tables.ts';
import type { Bilingual, RuleDefinition } from './define-rule.ts';
import {
  ofHousehold,
  ofRelatives,
  parametersRead,
  probeSnapshot,
  readAcross,
  readsFamilies,
  tablesRead,
} from './snapshot.ts';

/** Names of the `{places}` of a text, in order. */
export const placesIn = (text: string): string[] =>
  [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);

const both = ({ zh, en }: Bilingual) => [...placesIn(zh), ...placesIn(en)];

/** Names of facts as `fact()` writes them; numbered ones (`home1`) have no fixed name and fill no place. */
const factNames = (rule: RuleDefinition) =>
  new Set(
    [...rule.findings(probeSnapshot()).matchAll(/'name',\s*'(\w+)'\s*,/g)].map(([, name]) => name),
  );

/** Sentences about what is wrong with a rule; none where all is well. */
export function* ruleProblems(rule: RuleDefinition): Generator<string> {
  const declared = new Set(Object.keys(rule.parameters));
  for (const place of both(rule.condition)) {
    if (!declared.has(place)) yield `the condition names {${place}}, which is no parameter`;
  }
  const read = parametersRead(rule);
  for (const name of read) {
    if (!declared.has(name))
      yield `rule.ts reads the parameter ${name}, which rule.yml does not name`;
  }
  for (const name of declared) {
    if (!read.has(name)) yield `the parameter ${name} is read by no SQL of the rule`;
  }
  for (const table of tablesRead(rule)) {
    if (!FACT_TABLES.has(table)) yield `rule.ts reads ${table}, which is no fact table`;
  }
  for (const table of [...ofHousehold(rule), ...ofRelatives(rule)]) {
    if (FACT_TABLES.get(table)?.isRegister === false)
      yield `rule.ts reads ${table} of families, which is no register`;
  }
  const across = [...readAcross(rule)];
  for (const table of across) {
    if (FACT_TABLES.get(table)?.isRegister)
      yield `rule.ts reads everyone's ${table}, a register: a stranger's row could become evidence; read it by at, ofHousehold or ofRelatives`;
  }
  if (rule.isAfterOthers && (across.length > 0 || readsFamilies(rule)))
    yield 'a rule that runs after the others reads everyone or families, whom the night no longer shows it';
  const facts = factNames(rule);
  for (const place of both(rule.question)) {
    if (!facts.has(place)) yield `the question names {${place}}, which is no fact of rule.ts`;
  }
  const zh = placesIn(rule.question.zh);
  const en = placesIn(rule.question.en);
  const alone = [
    ...zh.filter((place) => !en.includes(place)),
    ...en.filter((place) => !zh.includes(place)),
  ];
  for (const place of alone) yield `the question names {${place}} in one language only`;
}
