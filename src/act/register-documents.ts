/** Registers documents under their ids, all or none; and takes them off the list again. */
import { HubError } from '../base/errors.ts';
import { type CommandContext, runCommand } from './command.ts';

export type Registered = { added: string[]; known: string[] };

/** Texts by id, which were checked before. Throws document.other-text where an id means another text already. */
export const registerDocuments = (
  context: CommandContext,
  texts: ReadonlyMap<string, string>,
): Promise<Registered> =>
  runCommand(context, {
    name: 'registerDocuments',
    grant: 'actor.manage',
    async work(tx) {
      const ids = [...texts.keys()];
      const rows = await tx<{ id: string }[]>`
        insert into hub.registered_document (document_id, text, registered_at, registered_by)
        select id, text, ${context.clock.now()}, ${context.actor.id}
        from unnest(${ids}::text[], ${[...texts.values()]}::text[]) as given (id, text)
        on conflict (document_id) do nothing returning document_id as id`;
      const stored = await tx<{ id: string; text: string }[]>`
        select document_id as id, text from hub.registered_document where document_id = any(${ids})`;
      const other = stored.find(({ id, text }) => texts.get(id) !== text);
      if (other) throw new HubError('document.other-text', { id: other.id });
      const added = new Set(rows.map(({ id }) => id));
      return { added: [...added], known: ids.filter((id) => !added.has(id)) };
    },
  });

/** Clients that send these ids are refused from now on. Gives the ids that were registered. */
export const removeDocuments = (
  context: CommandContext,
  ids: readonly string[],
): Promise<string[]> =>
  runCommand(context, {
    name: 'removeDocuments',
    grant: 'actor.manage',
    async work(tx) {
      const rows = await tx<{ id: string }[]>`
        delete from hub.registered_document where document_id = any(${[...ids]})
        returning document_id as id`;
      return rows.map(({ id }) => id);
    },
  });
