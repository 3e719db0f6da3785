/** What the READMEs show is what happens: their first query fits the schema, and its answer the query. */
import { readFileSync } from 'node:fs';
import { type FieldNode, Kind, parse, type SelectionSetNode, validate } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../schema/index.ts';

const block = (text: string, language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';

const fieldsOf = ({ selections }: SelectionSetNode): FieldNode[] =>
  selections.filter((each): each is FieldNode => each.kind === Kind.FIELD);

/** Paths at which the answer has another shape than was asked for; a list stands for each of its items. */
function misfits(asked: SelectionSetNode | undefined, answer: unknown, path: string): string[] {
  if (Array.isArray(answer)) return answer.flatMap((each) => misfits(asked, each, path));
  const isObject = typeof answer === 'object' && answer !== null;
  if (!asked || !isObject) return !asked === !isObject ? [] : [path];
  const fields = fieldsOf(asked);
  const names = fields.map(({ name }) => name.value);
  const shown = Object.keys(answer);
  if (JSON.stringify(shown) !== JSON.stringify(names)) return [`${path}: ${shown}, not ${names}`];
  return fields.flatMap(({ name, selectionSet }) =>
    misfits(selectionSet, Reflect.get(answer, name.value), `${path}.${name.value}`),
  );
}

test.each(['README.md', 'README.zh-CN.md'])(
  'the first query of %s is answered as shown',
  (file) => {
    const text = readFileSync(file, 'utf8');
    const document = parse(block(text, 'graphql'));
    expect(validate(schema, document)).toEqual([]);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
    expect(misfits(operation.selectionSet, JSON.parse(block(text, 'json')), 'data')).toEqual([]);
  },
);
