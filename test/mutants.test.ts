import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mutantFiles, mutantsOf } from './mutants/mutant.ts';

test.each(mutantFiles())('mutant %s still fits the code, and its tests exist', (file) => {
  for (const { tests } of mutantsOf(file))
    expect(tests.filter((it) => !existsSync(it))).toEqual([]);
});
