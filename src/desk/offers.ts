import type { Contact as ContactWire } from '../contract/contact.ts';
import type { ContactId } from '../contract/ids.ts';
import { Contact } from '../store/entities/contact.ts';
import type { FeedEvent } from '../store/feed.ts';
import { SYSTEM } from './actor.ts';
import { passOn } from './decline-contact.ts';
import type { Desk } from './desk.ts';
import { lockContact } from './find-contact.ts';

const CHUNK = 256;
const RETRY_MS = 1_000;

/**
 * Passes on what nobody accepts in time, whichever gateway has offered it. Resolves after a look at what ended while
 * nobody watched. Disposing waits for what is under way.
 */
export async function watchOffers(desk: Desk): Promise<AsyncDisposable> {
  let timer: NodeJS.Timeout | undefined;
  let due = Number.POSITIVE_INFINITY;
  let looking = Promise.resolve();
  let isClosed = false;

  function lookAt(moment: number): void {
    if (isClosed || moment >= due) return;
    clearTimeout(timer);
    due = moment;
    timer = setTimeout(look, Math.max(0, moment - desk.clock.now().getTime()));
  }

  function look(): void {
    due = Number.POSITIVE_INFINITY;
    looking = looking.then(async () => {
      try {
        const next = await expireOffers(desk);
        if (next !== null) lookAt(next.getTime());
      } catch (error) {
        desk.log.error({ err: error }, 'offers could not be passed on; it is tried once more');
        lookAt(desk.clock.now().getTime() + RETRY_MS);
      }
    });
  }

  function hear({ type, data }: FeedEvent): void {
    if (!type.startsWith('contact.')) return;
    const { offer_expires_at: end } = data as ContactWire;
    if (end !== null) lookAt(Date.parse(end));
  }

  const unsubscribe = desk.store.feed.subscribe((events) => events.forEach(hear));
  look();
  await looking;
  return {
    async [Symbol.asyncDispose]() {
      isClosed = true;
      unsubscribe();
      clearTimeout(timer);
      await looking;
    },
  };
}

/** Passes on every offer that is over; answers when the next one ends, null for none. */
export async function expireOffers(desk: Desk): Promise<Date | null> {
  for (;;) {
    const now = desk.clock.now();
    const offered = await desk.store
      .em()
      .find(
        Contact,
        { offerExpiresAt: { $ne: null } },
        { fields: ['id', 'offerExpiresAt'], orderBy: { offerExpiresAt: 'asc', id: 'asc' }, limit: CHUNK },
      );
    const over = offered.filter((contact) => contact.offerExpiresAt! <= now);
    for (const { id } of over) await expireOffer(desk, id, now);
    if (over.length < offered.length) return offered[over.length]!.offerExpiresAt!;
    if (over.length < CHUNK) return null;
  }
}

function expireOffer(desk: Desk, id: ContactId, now: Date): Promise<void> {
  return desk.store.write(async (tx) => {
    const contact = await lockContact(tx, id);
    // It may have been accepted, or passed on, before the lock.
    if (!contact.offerExpiresAt || contact.offerExpiresAt > now) return;
    await passOn(desk, tx, contact, { actor: SYSTEM, how: 'offer-expired', reason: 'offer-expired' });
  });
}
