/** What a fact table is to those who fill it, apart from `fact-tables.ts`, which loads every definition to list them. */

export type FactColumn = {
  /** Property in a record's body. */
  field: string;
  /** Column in SQL. */
  name: string;
  type: string;
  isRequired: boolean;
};

export type FactTable = {
  /** SQL name, which is also the records' `kind`. */
  kind: string;
  columns: readonly FactColumn[];
  /** What its facts are about: person, unit, company … */
  subject: string;
  /** The column that names the subject, first in the key: `person_id`, `company_id` … */
  subjectColumn: string;
  /** A register's: seen through kinship, too. */
  isRegister: boolean;
};

export const PERSON = 'person';
