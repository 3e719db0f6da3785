/** The example queries, in the order of their file names; the first comment line is the title. */
export type Example = { title: string; query: string };

const files = import.meta.glob<string>('../examples/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const examples: readonly Example[] = Object.keys(files)
  .sort()
  .map((name) => {
    const query = files[name] ?? '';
    return { title: query.split('\n')[0]?.replace(/^#\s*/, '') ?? name, query };
  });
