import { createHash } from 'node:crypto';
import type { MessageArrival, Receipt } from './arrival.ts';
import type { Desk } from './desk.ts';

// Ids beyond this length are kept as their hash: every database can index that.
const LONGEST_ID = 190;

/**
 * Commits a message of a lead: it joins the lead's newest open contact on the source, or opens one that is routed.
 * Resolves after COMMIT; a repeated message changes nothing and answers what it made the first time.
 * Throws Problem('overloaded') or Problem('unavailable') when it cannot be committed now, Problem('not-found')
 * when there is no such source. What cannot be handled is kept as a dead letter and is acknowledged.
 */
export async function receiveMessage(desk: Desk, arrival: MessageArrival): Promise<Receipt> {
  const outcome = await desk.arrivals.submit({ kind: 'message', arrival: withIndexableIds(arrival) });
  if (outcome.kind !== 'message') throw new Error('a message was answered as something else');
  return outcome.receipt;
}

function withIndexableIds(arrival: MessageArrival): MessageArrival {
  return { ...arrival, externalId: indexable(arrival.externalId), replyTo: indexable(arrival.replyTo) };
}

function indexable(id: string | null): string | null {
  if (id === null || id.length <= LONGEST_ID) return id;
  return `sha256:${createHash('sha256').update(id).digest('hex')}`;
}
