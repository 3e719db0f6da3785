/** What the sentences of errors.ts are made of: two languages, and places that details fill. */
export type ErrorKind = 'caller' | 'source' | 'config' | 'transient' | 'bug';

export type Sentence<Zh extends string = string> = { kind: ErrorKind; zh: Zh; en: string };

export const sentence = <const Zh extends string>(
  kind: ErrorKind,
  zh: Zh,
  en: string,
): Sentence<Zh> => ({ kind, zh, en });

/** Words that stand in a sentence, in its own language. */
export type Words = { readonly zh: string; readonly en: string };
/** A name is the same in both languages (a feed, a column, a setting); words are given in both. */
export type Detail = string | number | Words;
export type ErrorDetails = Readonly<Record<string, Detail>>;

export type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

export const fill = (text: string, details: ErrorDetails, language: keyof Words): string =>
  text.replace(/\{([a-z]+)\}/g, (_, name: string) => {
    const detail = details[name] ?? '—';
    return String(typeof detail === 'object' ? detail[language] : detail);
  });
