/**
 * Relatives of whom nothing says that the registers' rows are theirs: the declared number stands there under
 * another name (mistyped, it may be a stranger's), or under none. Rules do not see such rows (familyFacts);
 * that they could not look is said here, for each rule that would have. Otherwise "left out" would pass for
 * "looked and found nothing".
 *
 * A relative whom some register confirms is unconfirmed only where the rows differ; one whom none does is so
 * for every rule, since registers that know nothing of a wrong number prove nothing about the relative.
 */
import { FACT_TABLES } from '../../../schema/fact-tables.ts';
import { isUnder } from '../../../schema/person/identity-sql.ts';
import type { Transaction } from '../../platform/database.ts';
import type { RuleDefinition } from '../../rules/kit/define-rule.ts';
import { literal } from '../../rules/kit/literal.ts';
import { factsAt, ofHousehold, ofRelatives, readsFamilies } from '../../rules/kit/snapshot.ts';
import type { PlannedRule } from './plan-night.ts';

const REGISTERS = [...FACT_TABLES.values()].filter(({ isRegister }) => isRegister);

/**
 * Makes `unconfirmed(official_id, member_id, relation, in_household, valid_to, differing, unnamed,
 * is_confirmed)` from `family`, if a rule reads families; the two lists name registers.
 */
export async function fillUnconfirmed(
  tx: Transaction,
  asOf: string,
  rules: readonly PlannedRule[],
): Promise<void> {
  if (!rules.some(({ rule }) => readsFamilies(rule))) return;
  const agrees = isUnder('f.registered_name', 'any(m.names)');
  const known = REGISTERS.map(
    ({ kind }) => `
    select m.official_id, m.member_id, ${literal(kind)} as kind, coalesce(bool_or(${agrees}), false) as agrees,
      coalesce(bool_or(not ${agrees}), false) as differs, bool_or(f.registered_name is null) as is_unnamed
    from family m join ${factsAt(kind, `date '${asOf}'`)} f on f.person_id = m.member_id
    where m.relation <> 'self' group by 1, 2`,
  );
  await tx.unsafe(`
    create temp table unconfirmed on commit drop as
    select m.official_id, m.member_id, m.relation, m.in_household, m.valid_to,
      coalesce(array_agg(k.kind) filter (where k.differs), '{}') as differing,
      coalesce(array_agg(k.kind) filter (where k.is_unnamed), '{}') as unnamed,
      bool_or(k.agrees) as is_confirmed
    from (${known.join(' union all ')}) k join family m using (official_id, member_id)
    group by 1, 2, 3, 4, 5
    having bool_or(k.differs) or bool_or(k.is_unnamed);
    analyze unconfirmed`);
}

const CAUSES = {
  'name-differs': {
    zh: '的姓名与证件号码不符（登记中该号码属于另一姓名），待核对；其登记数据未参与比对',
    en: ': the registers have the declared number under another name. What they hold was left out; check name and number',
    because: (registers: string) =>
      `(differing && ${registers} or differing <> '{}' and not is_confirmed)`,
  },
  'name-missing': {
    zh: '的登记数据没有写明姓名，无法确认是否为其本人，待核对；未参与比对',
    en: ': the register gives no name, so nothing says that its rows are theirs. They were left out; check whose they are',
    because: (registers: string) => `unnamed && ${registers}`,
  },
} as const;

const WHO = {
  spouse: ['配偶', 'spouse'],
  child: ['子女', 'child'],
  'child-spouse': ['子女的配偶', 'child’s spouse'],
} as const;

/** Whom of the family it is about, without a name: whoever reads warnings need not read families. */
const whoIn = (language: 0 | 1): string => {
  const each = Object.entries(WHO).map(([relation, words]) => {
    const n = `count(*) filter (where relation = '${relation}')`;
    const several = language === 0 ? `${n} || '人'` : `' (' || ${n} || ')'`;
    return `case when ${n} > 0 then ${literal(words[language])} || case when ${n} > 1 then ${several} else '' end end`;
  });
  return `concat_ws('${language === 0 ? '、' : ', '}', ${each.join(', ')})`;
};

const listOf = (tables: ReadonlySet<string>) =>
  `array[${[...tables].map(literal).join(', ')}]::text[]`;

/** SELECT of the gaps that unconfirmed relatives leave in a rule, or null where it reads of no family. */
export function unconfirmedGaps(rule: RuleDefinition, asOf: string): string | null {
  const ways = [
    { registers: ofHousehold(rule), isLookedAt: 'in_household' },
    { registers: ofRelatives(rule), isLookedAt: `valid_to > date '${asOf}'` },
  ].filter(({ registers }) => registers.size > 0);
  if (ways.length === 0) return null;
  return Object.entries(CAUSES)
    .map(([cause, { zh, en, because }]) => {
      const where = ways.map(
        ({ registers, isLookedAt }) => `${isLookedAt} and ${because(listOf(registers))}`,
      );
      return `
      select official_id as person_id, '${cause}' as period, '${cause}' as cause,
        array_agg(member_id order by member_id) as relatives,
        ${whoIn(0)} || ${literal(zh)} as reason_zh, ${whoIn(1)} || ${literal(en)} as reason_en
      from unconfirmed where ${where.map((each) => `(${each})`).join(' or ')} group by official_id`;
    })
    .join(' union all ');
}
