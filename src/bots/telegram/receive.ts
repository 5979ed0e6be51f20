import type { SourceId } from '../../contract/ids.ts';
import { announceOnce } from '../../desk/announce-once.ts';
import type { Channel } from '../../desk/channels.ts';
import { keepDeadLetter } from '../../desk/dead-letters.ts';
import type { Desk } from '../../desk/desk.ts';
import { type Fence, Fenced } from '../../desk/leases.ts';
import { receiveEdit } from '../../desk/receive-edit.ts';
import { receiveReach } from '../../desk/receive-reach.ts';
import { receiveMessage } from '../../desk/receive.ts';
import { Problem } from '../../problem.ts';
import { storableRaw } from '../raw.ts';
import { normaliseUpdate } from './normalise.ts';

const privateOnly = `I work in private messages: please write to me there.
Я отвечаю в личных сообщениях: напишите мне, пожалуйста, туда.`;

/**
 * Takes one update of a bot, from polling or from the webhook route, and resolves when it is committed: as a message,
 * an edit, a change of who can be reached, or a dead letter. Rejects (with `Problem` `overloaded`, `unavailable`, `not-found`, or with Fenced when the
 * bot is polled by somebody else by now) when nothing was kept.
 */
export async function receiveTelegramUpdate(
  desk: Desk,
  channel: Channel,
  update: unknown,
  fence: Fence | null,
): Promise<void> {
  try {
    await take(desk, channel.id, update, fence);
  } catch (error) {
    if (error instanceof Problem || error instanceof Fenced) throw error;
    // What trips the gateway over must not stop the chat: it is kept raw, for a person to look at.
    desk.log.error({ err: error, source: channel.id }, 'an update could not be taken');
    const reason = `failed: ${error instanceof Error ? error.name : 'unknown'}`;
    const raw = storableRaw(update);
    await keepDeadLetter(desk, { sourceId: channel.id, externalId: null, reason, raw });
  }
}

async function take(desk: Desk, sourceId: SourceId, update: unknown, fence: Fence | null): Promise<void> {
  const meaning = normaliseUpdate(sourceId, update);
  switch (meaning.kind) {
    case 'message':
      await receiveMessage(desk, { ...meaning.arrival, fence });
      return;
    case 'edit':
      await receiveEdit(desk, { ...meaning.edit, fence });
      return;
    case 'reach':
      await receiveReach(desk, { ...meaning.reach, fence });
      return;
    case 'nothing':
      return;
    case 'group': {
      const { chat } = meaning;
      await announceOnce(desk, { sourceId, chat, topic: 'private-only', text: privateOnly });
      return;
    }
    case 'ignored': {
      const { reason, externalId, raw } = meaning;
      await keepDeadLetter(desk, { sourceId, externalId, reason, raw });
    }
  }
}
