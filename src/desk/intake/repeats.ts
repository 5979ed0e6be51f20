import type { KeyName, MessageKey, SeenMessage, UsedKey } from '../../store/dialect.ts';
import type { Tx } from '../../store/write.ts';
import { Problem } from '../../problem.ts';
import type { ArrivalItem, ArrivalOutcome } from './arrival-item.ts';

/** How long an `Idempotency-Key` stands for the request that came with it. */
const KEY_HOLDS_MS = 7 * 24 * 3_600_000;

/** What was already known of a batch's items, by the name under which they can come again. */
export type Repeats = {
  /** The outcome of an item that was committed before; undefined for one that is new. */
  known(item: ArrivalItem): ArrivalOutcome | Problem | undefined;
};

/** The name under which an item can come again; null when it has none. */
export function nameOf(item: ArrivalItem): string | null {
  if (item.kind === 'message') {
    const { sourceId, externalId } = item.arrival;
    return externalId === null ? null : `m:${sourceId}:${externalId}`;
  }
  const { idempotency } = item.opening;
  return idempotency === null ? null : `k:${idempotency.credential}:${idempotency.key}`;
}

/** Looks up which items were committed before. */
export async function findRepeats(tx: Tx, items: ArrivalItem[], at: Date): Promise<Repeats> {
  const messages = new Map<string, SeenMessage>();
  const seen = await tx.sql.seenMessages(messageKeys(items));
  for (const row of seen) messages.set(`m:${row.sourceId}:${row.externalId}`, row);
  const used = new Map<string, UsedKey>();
  for (const row of await keysInForce(tx, items.flatMap(keyOf), at))
    used.set(`k:${row.credential}:${row.key}`, row);
  return {
    known(item) {
      const name = nameOf(item);
      if (name === null) return undefined;
      if (item.kind === 'message') return repeatedMessage(messages.get(name));
      return repeatedOpening(used.get(name), item.opening.idempotency!.bodyHash);
    },
  };
}

/** Those of the keys that were used and still hold; the others are forgotten, so that they can be used again. */
async function keysInForce(tx: Tx, keys: KeyName[], at: Date): Promise<UsedKey[]> {
  const used = await tx.sql.usedKeys(keys);
  const horizon = at.getTime() - KEY_HOLDS_MS;
  const over = used.filter(({ createdAt }) => createdAt < horizon);
  if (over.length > 0) await tx.sql.dropKeys(over, new Date(horizon));
  return used.filter(({ createdAt }) => createdAt >= horizon);
}

/** The keys of the items that are messages with an id of their own. */
export function messageKeys(items: ArrivalItem[]): MessageKey[] {
  return items.flatMap((item) =>
    item.kind === 'message' && item.arrival.externalId !== null
      ? [{ sourceId: item.arrival.sourceId, externalId: item.arrival.externalId }]
      : [],
  );
}

function keyOf(item: ArrivalItem): KeyName[] {
  return item.kind === 'contact' && item.opening.idempotency !== null ? [item.opening.idempotency] : [];
}

/** The outcome of an item whose name an earlier one of the same batch has. */
export function repeatedInBatch(
  item: ArrivalItem,
  first: ArrivalItem,
  outcome: ArrivalOutcome,
): ArrivalOutcome | Problem {
  switch (outcome.kind) {
    case 'message':
      return { kind: 'message', receipt: { ...outcome.receipt, duplicate: true } };
    case 'repeated-contact':
      return outcome;
    case 'contact': {
      const isSame = bodyHashOf(item) === bodyHashOf(first);
      return isSame
        ? { kind: 'repeated-contact', contactId: outcome.contact.id }
        : new Problem('idempotency-mismatch');
    }
  }
}

function bodyHashOf(item: ArrivalItem): string | undefined {
  return item.kind === 'contact' ? item.opening.idempotency?.bodyHash : undefined;
}

function repeatedMessage(row: SeenMessage | undefined): ArrivalOutcome | undefined {
  if (row === undefined) return undefined;
  const { messageId, contactId, leadId } = row;
  return { kind: 'message', receipt: { messageId, contactId, leadId, duplicate: true } };
}

function repeatedOpening(row: UsedKey | undefined, bodyHash: string): ArrivalOutcome | Problem | undefined {
  if (row === undefined) return undefined;
  if (row.bodyHash !== bodyHash) return new Problem('idempotency-mismatch');
  return { kind: 'repeated-contact', contactId: row.contactId };
}
