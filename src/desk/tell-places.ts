import type { SourceId } from '../contract/ids.ts';
import type { PlaceDue } from '../store/dialect.ts';
import { Source } from '../store/entities/source.ts';
import type { Tx } from '../store/write.ts';
import { SYSTEM } from './actor.ts';
import { draftSayings, type Said, type Saying, textIn } from './bot-words.ts';
import type { Desk } from './desk.ts';
import { countUnfinished } from './lanes.ts';
import { recordMessage } from './trail.ts';
import { messageView } from './views.ts';
import { wayTo } from './way-out.ts';

/** How many customers one commit tells. On SQLite the event loop waits for each. */
const CHUNK = 128;

/** No more of a source's outbox than this: replies go behind what is there, and a place that waits there grows old. */
const ROOM = 32;

/** Where a notice says which place it is. */
const PLACE = '{place}';

/**
 * Has the bot of a source tell its place to whoever waits and was not told since, or is at most half as far from the
 * front as it was told last. One commit, the front of the queue first, and no more than the outbox has room for; answers
 * whether somebody may be left. On PostgreSQL others may leave the queue while it commits: a place is true when its
 * contact is locked.
 */
export function tellPlaces(desk: Desk, sourceId: SourceId): Promise<boolean> {
  return desk.store.write(async (tx) => {
    const source = await tx.em.findOne(Source, { id: sourceId });
    if (source === null || !speaks(source)) return false;
    const room = source.kind === 'api' ? CHUNK : ROOM - (await countUnfinished(tx, sourceId, ROOM));
    if (room === 0) return true;
    const languages = source.queueNotice ? null : Object.keys(source.queueNotices ?? {});
    const audience = { sourceId, needsChat: source.kind === 'telegram', languages };
    const due = await tx.sql.lockPlacesDue(audience, room);
    if (due.length === 0) return false;
    const at = desk.clock.now();
    const sayings = due.map((one) => sayingOf(source, one));
    await say(tx, await draftSayings(tx, sayings, at), at);
    await tx.sql.notePlaces(due);
    return true;
  });
}

/** Whether a source has a notice, and a way by which it may go out. */
function speaks({ isActive, kind, callbackUrl, queueNotice, queueNotices }: Source): boolean {
  if (!isActive || (kind === 'webhook' && !callbackUrl)) return false;
  return Boolean(queueNotice) || Object.keys(queueNotices ?? {}).length > 0;
}

/** Those alone are due who have a way, and a text in their language or for everybody. */
function sayingOf(source: Source, { contactId, leadId, place, language, chat }: PlaceDue): Saying {
  const { queueNotice: forAll = null, queueNotices: byLanguage = null } = source;
  const text = textIn(language, { byLanguage, forAll })!.replaceAll(PLACE, String(place));
  return { contactId, sourceId: source.id, text, way: wayTo(source, leadId, chat) };
}

async function say(tx: Tx, said: Said[], at: Date): Promise<void> {
  await tx.sql.insert({
    message: said.map(({ message }) => message),
    delivery: said.flatMap(({ delivery }) => delivery ?? []),
  });
  for (const { message } of said) {
    const { contactId, sourceId } = message;
    const contact = { operatorId: null, status: 'waiting' as const, sourceId };
    const wire = messageView(contactId, message);
    recordMessage(tx, { type: 'message.created', at, message: wire, contact, actor: SYSTEM });
  }
}
