/**
 * SQL that puts values into words, Chinese and English beside each other. Formats are fixed patterns,
 * never those of the server's locale: the same snapshot must give the same words everywhere.
 */
import type { Bilingual } from './define-rule.ts';
import { literal } from './literal.ts';

export type Words = { zh: string; en: string };

/** An amount in 分 as 万元 and as yuan. */
export const money = (fen: string): Words => ({
  zh: `to_char((${fen}) / 1000000.0, 'FM999,999,999,990.00') || '万元'`,
  en: `to_char((${fen}) / 100.0, 'FM999,999,999,999,990.00') || ' yuan'`,
});

export const day = (date: string): Words => same(`to_char(${date}, 'YYYY-MM-DD')`);

export const same = (text: string): Words => ({ zh: text, en: text });

/** Fixed words in both languages. */
export const phrase = (zh: string, en: string): Words => ({ zh: literal(zh), en: literal(en) });

/** A count with its measure word, e.g. 3 件 / 3 cases. */
export const count = (number: string, zh: string, en: string): Words => ({
  zh: `(${number})::text || ${literal(zh)}`,
  en: `(${number})::text || ${literal(` ${en}`)}`,
});

/**
 * A code in words; an unknown code shows as itself. The lists lie with their concepts, in
 * schema/<concept>/<concept>.codes.ts, where the API reads them too.
 */
export const coded = (
  code: string,
  words: Readonly<Record<string, readonly [zh: string, en: string]>>,
): Words => {
  const pick = (language: 0 | 1) =>
    `case ${code} ${Object.entries(words)
      .map(([key, word]) => `when ${literal(key)} then ${literal(word[language])}`)
      .join(' ')} else ${code} end`;
  return { zh: pick(0), en: pick(1) };
};

/** Words set side by side. */
export const joined = (...parts: readonly (Words | string)[]): Words => {
  const side = (language: 'zh' | 'en') =>
    parts
      .map((part) =>
        typeof part === 'string' ? literal(part) : `coalesce(${part[language]}, '—')`,
      )
      .join(' || ');
  return { zh: side('zh'), en: side('en') };
};

/** One named input value of a finding; a missing value shows as a dash, never as an empty place. */
export const fact = (name: string, label: Bilingual, value: Words): string =>
  numberedFact(literal(name), { zh: literal(label.zh), en: literal(label.en) }, value);

/** The same where name and label are SQL expressions (one fact per row). */
export const numberedFact = (name: string, label: Words, value: Words): string =>
  `jsonb_build_object('name', ${name}, 'labelZh', ${label.zh}, 'labelEn', ${label.en},
    'valueZh', coalesce(${value.zh}, '—'), 'valueEn', coalesce(${value.en}, '—'))`;

export const factList = (facts: readonly string[]): string =>
  `jsonb_build_array(${facts.join(',\n')})`;

/** Whose something is, as the snapshot's household says it. */
export const RELATIONS = {
  self: ['本人', 'self'],
  spouse: ['配偶', 'spouse'],
  child: ['共同生活的子女', 'co-living child'],
} as const;

/** A document number with its middle hidden: enough to tell two apart, not enough to use. */
export const maskedNumber = (number: string): Words =>
  same(`left(${number}, 2) || '*****' || right(${number}, 2)`);
