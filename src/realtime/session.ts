import type { Socket } from 'socket.io';
import { ZodError } from 'zod';
import { Subscribe, type Subscribed, Typing, type TypingNotice } from '../contract/event.ts';
import type { Role } from '../contract/access.ts';
import type { OperatorId } from '../contract/ids.ts';
import { type Actor, operatorIdOf } from '../desk/actor.ts';
import { type Audience, audienceOf, type FeedEvent, toldTo } from '../desk/audience.ts';
import { type ContactStanding, sees } from '../desk/policy.ts';
import { sightChanges } from '../desk/sight-changes.ts';
import type { Desk } from '../desk/desk.ts';
import type { Log } from '../log.ts';
import { catchUp } from './catch-up.ts';
import { limitEvents } from './event-limit.ts';
import { announceTyping } from './typing.ts';

// A console that reads nothing is cut: it comes back with its cursor, the gateway's memory does not grow.
const UNREAD_PACKETS = 2_000;
/** What it costs to ask for all that was missed, in words such as `typing`. */
const SUBSCRIBE_WORDS = 10;

/** One connected socket. */
export type Session = {
  readonly operatorId: OperatorId | null;
  /** Hands over what has just been committed. */
  tell(events: FeedEvent[]): void;
  typing(contact: ContactStanding, notice: TypingNotice): void;
  /** Cuts the socket when its credential does not count any more. */
  check(): Promise<unknown>;
  serve(surroundings: Surroundings): void;
};

type Surroundings = {
  others: () => Session[];
  /** Who the credential stands for now; null: it opens no door any more. */
  stillWelcome: () => Promise<Actor | null>;
  log: Log;
};

/** Prepares a socket for an actor. Throws Problem('forbidden') for one that may not look at contacts. */
export async function openSession(desk: Desk, first: Actor, socket: Socket): Promise<Session> {
  const operatorId = operatorIdOf(first);
  let audience: Audience = await audienceOf(desk, first);
  // By which sight the console was told what it shows.
  let shown = audience.sight;
  // null: not subscribed yet. A list: what commits while the subscription is being answered.
  let pending: FeedEvent[] | null = null;
  let isLive = false;
  // Up to where the console has been told: by this gateway, or by another one that was ahead of it.
  let toldUpTo: string | null = null;
  let changed: FeedEvent | null = null;
  let following: Promise<void> | undefined;
  let actor = first;
  let welcome: Surroundings['stillWelcome'] = () => Promise.resolve(first);

  function emit(events: FeedEvent[]): void {
    if (unreadBy(socket) > UNREAD_PACKETS) {
      socket.disconnect(true);
      return;
    }
    for (const event of events) {
      if (toldUpTo !== null && desk.store.feed.compare(event.cursor, toldUpTo) <= 0) continue;
      toldUpTo = null;
      const told = toldTo(audience, event);
      if (told !== null) socket.emit('event', told);
    }
  }

  async function subscribe(payload: unknown): Promise<Subscribed> {
    const { after } = Subscribe.parse(payload);
    await refresh();
    pending = [];
    const told = audience;
    shown = told.sight;
    return catchUp(desk, actor, told, after);
  }

  /** Goes on behind the answer that has just been written. */
  function goLive({ cursor }: Subscribed): void {
    const meanwhile = pending ?? [];
    pending = null;
    isLive = true;
    toldUpTo = cursor;
    emit(meanwhile);
    const change = meanwhile.findLast((event) => changesSight(event, operatorId));
    if (change !== undefined) noteChange(change);
  }

  /**
   * Asks anew who this is. Whoever's credential has ended is cut, and so is who has another role by now: what such a
   * console shows is not its own any more, and it comes back for what is.
   */
  async function check(): Promise<boolean> {
    const present = await welcome();
    const isSame = present !== null && roleOf(present) === roleOf(first);
    if (isSame) actor = present;
    else socket.disconnect(true);
    return isSame;
  }

  async function refresh(): Promise<void> {
    try {
      if (await check()) audience = await audienceOf(desk, actor);
    } catch (error) {
      cutOff(error);
    }
  }

  /** Of many changes at once the last is looked at: what is seen then is what counts. */
  function noteChange(event: FeedEvent): void {
    changed = event;
    following ??= follow().finally(() => {
      following = undefined;
    });
  }

  async function follow(): Promise<void> {
    while (changed !== null) {
      const { cursor, at } = changed;
      changed = null;
      await refresh();
      // Before it is live, what it is shown is still being put together.
      if (!isLive) continue;
      const seen = audience.sight;
      const told = await sightChanges(desk, shown, seen, { cursor, at }).catch(cutOff);
      shown = seen;
      for (const event of told) socket.emit('event', event);
    }
  }

  function cutOff(error: unknown): [] {
    desk.log.warn({ err: error }, 'a socket is cut: what it may see cannot be told');
    socket.disconnect(true);
    return [];
  }

  return {
    operatorId,
    check,
    tell(events) {
      if (pending !== null) pending.push(...events);
      else if (isLive) emit(events);
      const change = events.findLast((event) => changesSight(event, operatorId));
      if (change !== undefined) noteChange(change);
    },
    typing(contact, notice) {
      if (isLive && sees(audience.sight, contact)) socket.emit('typing', notice);
    },
    serve({ others, stillWelcome, log }) {
      welcome = stillWelcome;
      const isHeard = limitEvents(socket);
      // One after the other: an answer may be a snapshot of a megabyte.
      let isSubscribing = false;
      socket.on('subscribe', (payload: unknown, answer: unknown) => {
        if (typeof answer !== 'function') return;
        if (isSubscribing || !isHeard(SUBSCRIBE_WORDS)) return answer({ error: 'too-many-requests' });
        isSubscribing = true;
        const subscribing = subscribe(payload).then(
          (subscribed) => {
            answer(subscribed);
            goLive(subscribed);
          },
          (error: unknown) => {
            pending = null;
            const isTheirs = error instanceof ZodError;
            if (!isTheirs) log.warn({ err: error }, 'a subscription failed');
            answer({ error: isTheirs ? 'invalid' : 'unavailable' });
          },
        );
        void subscribing.finally(() => (isSubscribing = false));
      });
      socket.on('typing', (payload: unknown) => {
        if (!isHeard()) return;
        const asked = Typing.safeParse(payload);
        if (asked.success) void announceTyping(desk, actor, asked.data.contact_id, others());
      });
    },
  };
}

/** Sources with their weights decide who sees what, and the session's own operator; of others no more than names is told. */
function changesSight(event: FeedEvent, operatorId: OperatorId | null): boolean {
  if (event.type === 'source.updated') return true;
  return event.type === 'operator.updated' && event.data.id === operatorId;
}

function roleOf(actor: Actor): Role | null {
  return actor.kind === 'caller' ? actor.role : null;
}

function unreadBy(socket: Socket): number {
  return (socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length;
}
