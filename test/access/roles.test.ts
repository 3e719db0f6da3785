/** Roles as files: what is misspelt is refused and named. */
import { expect, test } from 'vitest';
import { SETTING_NAMES, settingsOf } from '../../src/access/actor.ts';
import { grantsOf, ROLES, readRole } from '../../src/access/roles.ts';

const refused = (file: string, text: string) => {
  try {
    readRole(file, text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
};

test('a role is a file, named as the file is', () => {
  const [name, role] = readRole(
    'verifier.yml',
    'zh: 身份核验员\nen: Verifier\ngrants: [self.read]\n',
  );
  expect([name, role.grants]).toEqual(['verifier', ['self.read']]);
  expect([...grantsOf(['verifier'], { [name]: role })]).toEqual(['self.read']);
});

test('a right that does not exist, a key nobody knows, a doubled right and an empty list are refused', () => {
  const file = (rest: string) => `zh: 一\nen: One\n${rest}\n`;
  expect(refused('one.yml', file('grants: [cadre.reed]'))).toContain('roles/one.yml.grants.0');
  expect(refused('one.yml', file('grants: [self.read]\ninherits: analyst'))).toContain('inherits');
  expect(refused('one.yml', file('grants: [self.read, self.read]'))).toContain('named twice');
  expect(refused('one.yml', file('grants: []'))).toContain('roles/one.yml.grants');
  expect(refused('one.yml', 'zh: [')).toContain('roles/one.yml');
});

test('a name that holds another role’s name as a word is refused', () => {
  expect(refused('analyst-county.yml', 'zh: 一\nen: One\ngrants: [self.read]')).toContain(
    'one word',
  );
});

test('the database hears of kinship for actors who may read families, and for nobody else', () => {
  const kinOf = (role: string) => {
    const actor = { id: 'a', name: 'a', roles: [role], authorities: [7, 2] };
    return settingsOf(actor)[SETTING_NAMES.indexOf('hub.kin_authorities')];
  };
  const opened = Object.keys(ROLES).filter((role) => grantsOf([role]).has('family.read'));
  expect(opened).toContain('analyst');
  for (const role of Object.keys(ROLES)) {
    expect([role, kinOf(role)]).toEqual([role, opened.includes(role) ? '2,7' : '']);
  }
  expect(opened.length).toBeLessThan(Object.keys(ROLES).length);
});
