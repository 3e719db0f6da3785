/**
 * Gives every difference its warning's id and question. The id comes from the identity key and the
 * subject, so a warning found again after a rebuild is the same warning and nobody can guess it.
 * Works through the table in pages: a first night may hold tens of thousands of findings.
 */
import { createHmac } from 'node:crypto';
import { uuidFromBytes } from '../../base/person-key.ts';
import type { Secret } from '../../base/secret.ts';
import type { Transaction } from '../../platform/database.ts';
import type { RuleDefinition } from '../../rules/kit/define-rule.ts';

/** The night a warning comes from, and by whose words. */
export type Warned = {
  identityKey: Secret;
  rules: readonly RuleDefinition[];
  nightId: string;
  asOf: string;
  now: Date;
};

const PAGE = 2000;

type Subject = { ruleId: string; personId: string; unitCode: string; period: string };
type Fact = { name: string; valueZh: string; valueEn: string };
type Row = Subject & { rowNo: number; facts: Fact[] | null };

export const warningId = (key: Secret, { ruleId, personId, unitCode, period }: Subject): string =>
  uuidFromBytes(
    createHmac('sha256', key.reveal())
      .update(`warning\n${ruleId}|${personId}|${unitCode}|${period}`)
      .digest(),
  );

/** `{name}` is filled from the fact of that name; an unknown name shows as a dash. */
const fill = (text: string, facts: readonly Fact[], language: 'valueZh' | 'valueEn') =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const fact = facts.find((each) => each.name === name);
    return fact ? fact[language] : '—';
  });

/** Creates the temporary table `worded(row_no, warning_id, question_zh, question_en)`. */
export async function putIntoWords(tx: Transaction, { identityKey, rules }: Warned): Promise<void> {
  const questions = new Map(rules.map(({ id, question }) => [id, question]));
  await tx`
    create temp table worded (row_no int primary key, warning_id uuid not null unique,
      question_zh text not null, question_en text not null) on commit drop`;
  for (let after = 0; ; after += PAGE) {
    const rows = await tx<Row[]>`
      select row_no as "rowNo", rule_id as "ruleId", person_id as "personId", unit_code as "unitCode", period, facts
      from difference where row_no > ${after} and row_no <= ${after + PAGE} order by row_no`;
    if (rows.length === 0) return;
    const question = (row: Row, language: 'zh' | 'en') =>
      fill(
        questions.get(row.ruleId)?.[language] ?? '',
        row.facts ?? [],
        language === 'zh' ? 'valueZh' : 'valueEn',
      );
    await tx`
      insert into worded
      select * from unnest(${rows.map((row) => row.rowNo)}::int[],
        ${rows.map((row) => warningId(identityKey, row))}::uuid[],
        ${rows.map((row) => question(row, 'zh'))}::text[], ${rows.map((row) => question(row, 'en'))}::text[])`;
  }
}
