/**
 * The explorer's page: GraphiQL signed in as one of the demo's actors, or with a pasted token. Talks
 * to this server only, and keeps nothing in the browser: queries may name people.
 */
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';
import { useGraphiQL, useGraphiQLActions, useMonaco } from '@graphiql/react';
import type { Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { type Actor, Bar, NOBODY } from './bar.tsx';
import { examples } from './examples.ts';

const PURPOSE = '数据浏览器：日常分析';

/** Lives as long as the page. */
const memory = new Map<string, string>();
const storage = {
  getItem: (key: string) => memory.get(key) ?? null,
  setItem: (key: string, value: string) => void memory.set(key, value),
  removeItem: (key: string) => void memory.delete(key),
  clear: () => memory.clear(),
  get length() {
    return memory.size;
  },
};

const fetcherFor =
  (token: string, purpose: string): Fetcher =>
  async (request) => {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: `Bearer ${token}`,
        'x-purpose': encodeURIComponent(purpose),
      },
      body: JSON.stringify(request),
    });
    return response.json();
  };

/** The editor marks Chinese punctuation as "could be mistaken for ASCII"; here it is the language. */
function useChinesePunctuation() {
  const monaco = useMonaco((state) => state.monaco);
  useEffect(() => {
    if (!monaco) return;
    const options = { unicodeHighlight: { ambiguousCharacters: false } };
    for (const editor of monaco.editor.getEditors()) editor.updateOptions(options);
    const listener = monaco.editor.onDidCreateEditor((editor) => editor.updateOptions(options));
    return () => listener.dispose();
  }, [monaco]);
}

/** Stands in GraphiQL's logo slot, from where its tabs can be reached. */
function ExampleMenu() {
  useChinesePunctuation();
  const tabs = useGraphiQL((state) => state.tabs);
  const editor = useGraphiQL((state) => state.queryEditor);
  const { addTab, changeTab } = useGraphiQLActions();
  const open = (query: string) => {
    const at = tabs.findIndex((tab) => tab.query === query);
    if (at >= 0) return changeTab(at);
    addTab();
    editor?.setValue(query);
  };
  return (
    <select
      aria-label="示例"
      className="hub-examples"
      value=""
      onChange={(event) => open(examples[Number(event.target.value)]?.query ?? '')}
    >
      <option value="" disabled>
        示例查询…
      </option>
      {examples.map(({ title }, n) => (
        <option key={title} value={n}>
          {title}
        </option>
      ))}
    </select>
  );
}

function Page({ actors }: { actors: readonly Actor[] }) {
  const [actor, setActor] = useState(actors[0] ?? NOBODY);
  const [purpose, setPurpose] = useState(PURPOSE);
  const fetcher = useMemo(() => fetcherFor(actor.token, purpose), [actor.token, purpose]);
  const bar = { actors, actor, purpose, onActor: setActor, onPurpose: setPurpose };
  return (
    <>
      <Bar {...bar} />
      <div className="hub-editor">
        <GraphiQL
          key={actor.token}
          fetcher={fetcher}
          storage={storage}
          defaultTheme="light"
          isHeadersEditorEnabled={false}
          showPersistHeadersSettings={false}
          defaultEditorToolsVisibility={false}
          defaultTabs={examples.map(({ query, variables }) => ({ query, variables }))}
        >
          <GraphiQL.Logo>
            <ExampleMenu />
          </GraphiQL.Logo>
        </GraphiQL>
      </div>
    </>
  );
}

async function signedIn(): Promise<readonly Actor[]> {
  const response = await fetch('/explorer/session');
  if (!response.ok) return [];
  const { actors }: { actors: Actor[] } = await response.json();
  return actors;
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Page actors={await signedIn()} />);
