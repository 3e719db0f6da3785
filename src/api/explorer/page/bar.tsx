/** The bar above the editor: why one looks, and as whom. */
export type Actor = { id: string; name: string; isOperator: boolean; token: string };

export const NOBODY: Actor = { id: 'token', name: '', isOperator: false, token: '' };

type BarProps = {
  actors: readonly Actor[];
  actor: Actor;
  purpose: string;
  onActor(actor: Actor): void;
  onPurpose(purpose: string): void;
};

async function openQueues(token: string) {
  const headers = { authorization: `Bearer ${token}` };
  const { ok } = await fetch('/operations/sign-in', { method: 'POST', headers });
  if (ok) window.open('/operations/queues/', '_blank', 'noopener');
}

export function Bar(props: BarProps) {
  const { actor, purpose, onPurpose } = props;
  return (
    <header className="hub-bar">
      <h1>廉情数据枢纽 · 数据浏览器</h1>
      {actor.isOperator && (
        <button type="button" onClick={() => openQueues(actor.token)}>
          任务队列
        </button>
      )}
      <label>
        查看目的
        <input value={purpose} size={22} onChange={(event) => onPurpose(event.target.value)} />
      </label>
      {props.actors.length > 0 ? <RoleSwitch {...props} /> : <TokenField {...props} />}
    </header>
  );
}

function RoleSwitch({ actors, actor, onActor }: BarProps) {
  const pick = (id: string) => onActor(actors.find((each) => each.id === id) ?? actor);
  return (
    <label>
      身份
      <select value={actor.id} onChange={(event) => pick(event.target.value)}>
        {actors.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function TokenField({ actor, onActor }: BarProps) {
  return (
    <label>
      登录凭证
      <input
        type="password"
        onChange={(event) => onActor({ ...actor, token: event.target.value.trim() })}
      />
    </label>
  );
}
