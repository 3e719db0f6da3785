/**
 * Whoever did or has to do something: an account by its name, and no more of it. Accounts with their
 * rights are `Actor`, for administrators. It has no global id and stands in no list of its own, so that
 * nobody can go through the directory with it.
 */
import type { Grant } from '../../src/access/grants.ts';
import { byResponseKey } from '../../src/read/index.ts';
import { expression, type Fields, type RowRef, type Said } from '../fields.ts';
import { rowType } from '../row-types.ts';

const grant: Grant = 'self.read';

export const Colleague: RowRef = rowType('Colleague', {
  ...{ zh: '经办人', en: 'Whoever does something here' },
  grant,
  fields: (t) => ({
    account: expression(t, {
      ...{
        grant,
        zh: '账号；console: 为本机命令行',
        en: 'Account; console: is the command line',
        type: 'String',
      },
      sql: (row) => `${row}.account`,
    }),
    name: expression(t, {
      ...{
        grant,
        zh: '姓名；非账号时为空',
        en: 'Name; null where it is no account',
        type: 'String',
      },
      nullable: true,
      sql: (row) => `${row}.name`,
    }),
  }),
});

/** The colleague whose account stands in a column of the row; null where that is empty. */
export const colleague = (
  t: Fields,
  account: (row: string) => string,
  said: Said & { nullable?: boolean },
) =>
  t.field({
    nullable: true,
    ...said,
    type: Colleague,
    resolve: byResponseKey,
    plan: {
      kind: 'row',
      rows: (p, alias) => ({
        from: `(select x.account, a.name from (select ${account(p)} as account) x
          left join hub.actor a on a.actor_id = x.account) ${alias}`,
        where: [`${alias}.account is not null`],
      }),
    },
  });
