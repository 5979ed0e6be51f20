import type { FilterQuery } from '@mikro-orm/core';
import type { Contact as ContactWire } from '../contract/contact.ts';
import type { ContactId, SourceId } from '../contract/ids.ts';
import type { Source as SourceWire } from '../contract/source.ts';
import { Contact } from '../store/entities/contact.ts';
import { Source } from '../store/entities/source.ts';
import type { FeedEvent } from '../store/feed.ts';
import { SYSTEM } from './actor.ts';
import { passOn } from './decline-contact.ts';
import type { Desk } from './desk.ts';
import { lockContact } from './find-contact.ts';

const CHUNK = 256;
const RETRY_MS = 1_000;
const LOOK_MS = 60_000;

/**
 * Passes on what nobody accepts in time, whichever gateway has offered it, and what ended while nobody watched.
 * Disposing waits for what is under way.
 */
export function watchOffers(desk: Desk): AsyncDisposable {
  let timer: NodeJS.Timeout | undefined;
  let due = Number.POSITIVE_INFINITY;
  let looking = Promise.resolve();
  let isClosed = false;

  function lookAt(moment: number): void {
    if (isClosed || moment >= due) return;
    clearTimeout(timer);
    due = moment;
    // Now and then it looks all the same: clocks are set, and machines sleep.
    timer = setTimeout(look, Math.min(Math.max(0, moment - desk.clock.now().getTime()), LOOK_MS));
  }

  function look(): void {
    due = Number.POSITIVE_INFINITY;
    looking = looking.then(async () => {
      try {
        if (!isKnown) await knowOffering();
        const next = await expireOffers(desk, () => isClosed);
        if (next !== null) lookAt(next.getTime());
      } catch (error) {
        desk.log.error({ err: error }, 'offers could not be passed on; it is tried once more');
        lookAt(desk.clock.now().getTime() + RETRY_MS);
      }
    });
  }

  // Reading an event is dear where nobody else here does: those of sources that offer nothing are left alone.
  const offering = new Set<SourceId>();
  let isKnown = false;

  async function knowOffering(): Promise<void> {
    const sources = await desk.store.em().find(Source, { offerSeconds: { $gt: 0 } }, { fields: ['id'] });
    for (const { id } of sources) offering.add(id);
    isKnown = true;
  }

  function hear(event: FeedEvent): void {
    if (event.type === 'source.updated') {
      const { id, offer_seconds: seconds } = event.data as SourceWire;
      if (seconds === 0) return;
      offering.add(id);
      // What was offered by then may stand before this in the feed.
      lookAt(desk.clock.now().getTime());
    } else if (event.type.startsWith('contact.') && (!isKnown || offering.has(event.sourceId!))) {
      const { offer_expires_at: end } = event.data as ContactWire;
      if (end) lookAt(Date.parse(end));
    }
  }

  const unsubscribe = desk.store.feed.subscribe((events) => events.forEach(hear));
  look();
  return {
    async [Symbol.asyncDispose]() {
      isClosed = true;
      unsubscribe();
      clearTimeout(timer);
      await looking;
    },
  };
}

/**
 * Passes on every offer that is over; one that cannot be stops no other. Answers when to look again, null for no offer
 * at all.
 */
export async function expireOffers(desk: Desk, isClosed: () => boolean = () => false): Promise<Date | null> {
  const failed = new Set<ContactId>();
  for (;;) {
    const now = desk.clock.now();
    const over = await earliest(desk, { offerExpiresAt: { $lte: now }, id: { $nin: [...failed] } }, CHUNK);
    if (over.length === 0) break;
    for (const { id } of over) {
      if (isClosed()) return null;
      try {
        await expireOffer(desk, id, now);
      } catch (error) {
        failed.add(id);
        desk.log.error({ err: error, contact: id }, 'an offer could not be passed on; it is tried once more');
      }
    }
  }
  if (failed.size > 0) return new Date(desk.clock.now().getTime() + RETRY_MS);
  const [next] = await earliest(desk, { offerExpiresAt: { $ne: null } }, 1);
  return next?.offerExpiresAt ?? null;
}

function earliest(desk: Desk, where: FilterQuery<Contact>, limit: number) {
  return desk.store.em().find(Contact, where, {
    fields: ['id', 'offerExpiresAt'],
    orderBy: { offerExpiresAt: 'asc', id: 'asc' },
    limit,
  });
}

function expireOffer(desk: Desk, id: ContactId, now: Date): Promise<void> {
  return desk.store.write(async (tx) => {
    const contact = await lockContact(tx, id);
    // It may have been accepted, or passed on, before the lock.
    if (!contact.offerExpiresAt || contact.offerExpiresAt > now) return;
    await passOn(desk, tx, contact, { actor: SYSTEM, how: 'offer-expired', reason: 'offer-expired' });
  });
}
