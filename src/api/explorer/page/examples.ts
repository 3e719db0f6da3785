/** The example queries, in the order of their file names; the first comment line is the title. */
export type Example = { title: string; query: string; variables: string };

const queries = import.meta.glob<string>('../examples/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const variables = import.meta.glob<string>('../examples/*.variables.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const examples: readonly Example[] = Object.entries(queries)
  .sort(([one], [other]) => one.localeCompare(other))
  .map(([name, query]) => ({
    title: query.split('\n')[0]?.replace(/^#\s*/, '') ?? name,
    query,
    variables: variables[name.replace('.graphql', '.variables.json')] ?? '',
  }));
