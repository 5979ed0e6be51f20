import { z } from 'zod';
import type { ContactId, MessageId } from '../../../src/contract/ids.ts';
import { ContactId as ContactIdSchema, MessageId as MessageIdSchema } from '../../../src/contract/ids.ts';
import { ProblemCode } from '../../../src/contract/problem.ts';
import { deskStore } from '../state/desk-store.ts';
import { nextToSend, reduceOutbox, type Outbox, type OutboxAction, type Outgoing } from '../state/outbox.ts';
import { readStored, writeStored } from '../state/storage.ts';
import { createStore, useStore } from '../state/store.ts';
import { sendMessage } from './calls.ts';
import { BadAnswer, Refusal } from './request.ts';
import { currentCredential } from './session.ts';

const StoredOutbox = z.array(
  z.object({
    clientId: z.string(),
    contactId: ContactIdSchema,
    kind: z.enum(['reply', 'note']),
    text: z.string(),
    replyTo: MessageIdSchema.nullable(),
    writtenAt: z.string(),
    state: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('waiting') }),
      z.object({ kind: z.literal('refused'), code: ProblemCode }),
      z.object({ kind: z.literal('unclear') }),
    ]),
  }),
);

function restore(): Outbox {
  try {
    return StoredOutbox.parse(JSON.parse(readStored('outbox') ?? '[]'));
  } catch {
    return [];
  }
}

/** What was written and is not yet known to be kept. It outlives a reload and a lost line. */
export const outboxStore = createStore<Outbox, OutboxAction>(reduceOutbox, restore());

outboxStore.subscribe(() => writeStored('outbox', JSON.stringify(outboxStore.get())));

export function useOutbox(): Outbox {
  return useStore(outboxStore, (outbox) => outbox);
}

// Not randomUUID: a browser has it only on https and localhost, and the gateway may serve a private network.
function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

/** Puts a message on its way. It shows at once and is sent until the gateway answers. */
export function writeMessage(words: {
  contactId: ContactId;
  kind: Outgoing['kind'];
  text: string;
  replyTo: MessageId | null;
}): void {
  outboxStore.dispatch({
    type: 'written',
    outgoing: {
      ...words,
      clientId: newClientId(),
      writtenAt: new Date().toISOString(),
      state: { kind: 'waiting' },
    },
  });
}

export function retryOutgoing(clientId: string): void {
  outboxStore.dispatch({ type: 'retried', clientId });
}

export function dropOutgoing(clientId: string): void {
  outboxStore.dispatch({ type: 'dropped', clientId });
}

const RETRY_MS = 2_000;
const MAY_PASS: readonly ProblemCode[] = ['overloaded', 'unavailable', 'too-many-requests', 'internal'];

/** Sends what waits in the outbox, one message per contact at a time, until it is called off. */
export function runOutbox(): () => void {
  const busy = new Set<ContactId>();
  let isStopped = false;

  function pump(): void {
    if (isStopped || currentCredential() === null) return;
    for (const outgoing of nextToSend(outboxStore.get())) {
      if (busy.has(outgoing.contactId)) continue;
      busy.add(outgoing.contactId);
      void sendOne(outgoing).then((pause) => {
        const free = () => {
          busy.delete(outgoing.contactId);
          pump();
        };
        if (pause === 0) free();
        else setTimeout(free, pause);
      });
    }
  }

  const unsubscribe = outboxStore.subscribe(pump);
  pump();
  return () => {
    isStopped = true;
    unsubscribe();
  };
}

/** Resolves with the milliseconds to wait before the next attempt. */
async function sendOne({ contactId, text, clientId, kind, replyTo }: Outgoing): Promise<number> {
  try {
    const body = { text, client_id: clientId, kind, ...(replyTo === null ? {} : { reply_to: replyTo }) };
    const message = await sendMessage(contactId, body);
    deskStore.dispatch({ type: 'message', item: message });
    outboxStore.dispatch({ type: 'kept', messages: [message] });
    return 0;
  } catch (error) {
    return pauseAfter(error, clientId);
  }
}

// No answer, or one that may pass: the same client_id is sent again, so it is kept once at most.
function pauseAfter(error: unknown, clientId: string): number {
  if (error instanceof BadAnswer) {
    console.error(error);
    outboxStore.dispatch({ type: 'misanswered', clientId });
    return 0;
  }
  if (!(error instanceof Refusal)) return RETRY_MS;
  if (MAY_PASS.includes(error.code)) return error.retryAfter ?? RETRY_MS;
  // The words stay and go out after signing in again.
  if (error.code === 'unauthorized') return RETRY_MS;
  outboxStore.dispatch({ type: 'refused', clientId, code: error.code });
  return 0;
}
