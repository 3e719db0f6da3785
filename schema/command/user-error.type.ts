/** Why a command was not carried out, typed and worded, in the payload that was asked for. */
import { USER_ERRORS, type UserErrorCode } from '../../src/act/user-errors.ts';
import { ERRORS, type HubError } from '../../src/base/errors.ts';
import { builder, words } from '../builder.ts';

const grant = 'self.read';

/** `warning.wrong-state` as the API says it. */
export const errorName = (code: UserErrorCode): string =>
  code.toUpperCase().replaceAll(/[.-]/g, '_');

const withoutPlaces = (text: string) => text.replaceAll(/\{\w+\}/g, '…');

export const UserErrorName = builder.enumType('UserErrorCode', {
  description: words('操作未执行的原因', 'Why a command was not carried out'),
  values: Object.fromEntries(
    USER_ERRORS.map((code) => {
      const { zh, en } = ERRORS[code];
      return [errorName(code), { description: words(withoutPlaces(zh), withoutPlaces(en)) }];
    }),
  ),
});

export type UserErrorRow = {
  code: string;
  field: readonly string[] | null;
  messageZh: string;
  messageEn: string;
};

/** As it stands in a payload; `field` leads from the argument to what is wrong. */
export function userErrorOf(error: HubError<UserErrorCode>): UserErrorRow {
  const { field } = error.details;
  return {
    code: errorName(error.code),
    field: typeof field === 'string' ? ['input', field] : null,
    messageZh: error.chinese,
    messageEn: error.message,
  };
}

export const UserError = builder.objectRef<UserErrorRow>('UserError').implement({
  description: words('操作未执行的一个原因', 'One reason why a command was not carried out'),
  fields: (t) => ({
    code: t.field({
      ...{ grant, zh: '代码', en: 'Code', type: UserErrorName },
      resolve: ({ code }) => code,
    }),
    field: t.stringList({
      ...{ grant, zh: '有误的输入项的路径', en: 'Path of the input that is wrong' },
      nullable: true,
      resolve: ({ field }) => field && [...field],
    }),
    messageZh: t.string({
      ...{ grant, zh: '说明', en: 'Sentence in Chinese' },
      resolve: ({ messageZh }) => messageZh,
    }),
    messageEn: t.string({
      ...{ grant, zh: '说明（英文）', en: 'Sentence in English' },
      resolve: ({ messageEn }) => messageEn,
    }),
  }),
});
