import { io } from 'socket.io-client';
import { z } from 'zod';
import { Contact } from '../contract/contact.ts';
import { Message } from '../contract/message.ts';
import type { Log } from '../log.ts';
import type { Chance } from './chance.ts';
import { openClient, Refused } from './client.ts';
import type { Conversation } from './conversation.ts';
import type { Seated } from './kept.ts';
import { type Tempo, typingSeconds } from './tempo.ts';

type Seat = {
  url: string;
  member: Seated;
  /** Tells this run's words from those of an earlier one. */
  run: number;
  tempo: Tempo;
  chance: Chance;
  log: Log;
  /** What the customer with this `external_id` is about; null for somebody who is none of ours. */
  conversationOf(externalId: string): Conversation | null;
};

// Of all events these alone say whose a contact is; what else there is has another shape.
const Moved = z.object({ type: z.string().startsWith('contact.'), data: Contact });
const Left = z.object({ type: z.literal('contact.left'), data: z.object({ id: z.int() }) });
const Subscribed = z.object({
  cursor: z.string(),
  events: z.array(z.unknown()).default([]),
  snapshot: z.object({ contacts: z.array(Contact) }).optional(),
});

/** An operator who answers by itself: hears by a socket, as a console does, and acts through the REST API. */
export function seatColleague(seat: Seat): Disposable {
  const { url, member, tempo, log } = seat;
  const serving = new Map<number, AbortController>();
  const socket = io(url, { auth: { token: member.token }, transports: ['websocket'] });
  const showTyping = (contactId: number) => void socket.emit('typing', { contact_id: contactId });
  let cursor: string | null = null;

  function hear(event: unknown): void {
    const left = Left.safeParse(event);
    if (left.success) return stopServing(left.data.data.id);
    const moved = Moved.safeParse(event);
    if (moved.success) consider(moved.data.data);
  }

  function consider(contact: Contact): void {
    if (contact.status !== 'assigned' || contact.operator_id !== member.id) return stopServing(contact.id);
    if (serving.has(contact.id)) return;
    const stopped = new AbortController();
    serving.set(contact.id, stopped);
    serve(seat, contact, { signal: stopped.signal, showTyping })
      .catch((error: unknown) => {
        if (stopped.signal.aborted || tempo.signal.aborted) return;
        // Somebody else was quicker to move or to close it.
        if (error instanceof Refused && [403, 404, 409].includes(error.status)) return;
        log.warn({ err: error, contact: contact.id }, 'an operator of the demo gave up on a contact');
      })
      .finally(() => {
        if (serving.get(contact.id) === stopped) serving.delete(contact.id);
      });
  }

  function stopServing(id: number): void {
    serving.get(id)?.abort();
    serving.delete(id);
  }

  async function subscribe(): Promise<void> {
    const answer: unknown = await socket.timeout(10_000).emitWithAck('subscribe', { after: cursor });
    const subscribed = Subscribed.parse(answer);
    cursor = subscribed.cursor;
    for (const contact of subscribed.snapshot?.contacts ?? []) consider(contact);
    for (const event of subscribed.events) hear(event);
  }

  socket.on('event', (event: { cursor?: string }) => {
    cursor = event.cursor ?? cursor;
    hear(event);
  });
  socket.on('connect', () => {
    subscribe().catch((error: unknown) => {
      if (!tempo.signal.aborted) log.warn({ err: error }, 'an operator of the demo hears nothing');
    });
  });
  return {
    [Symbol.dispose]() {
      socket.disconnect();
      for (const stopped of serving.values()) stopped.abort();
    },
  };
}

type Attention = { signal: AbortSignal; showTyping(contactId: number): void };

/** Answers every turn of the customer's, and closes the contact when there is nothing more to say. */
async function serve(seat: Seat, contact: Contact, { signal, showTyping }: Attention): Promise<void> {
  const { url, member, run, tempo } = seat;
  const chance = seat.chance.of(`contact ${contact.id}`);
  const call = openClient(url, member.token);
  const say = (kind: 'reply' | 'note', text: string, key: string) =>
    call(Message, 'POST', `/contacts/${contact.id}/messages`, {
      kind,
      text,
      client_id: `demo-${run}-${contact.id}-${member.id}-${key}`,
    });

  await tempo.pause(chance.between(1, 4), signal);
  const conversation = seat.conversationOf(contact.lead.external_id);
  if (conversation === null) {
    await say('reply', strangerAnswer(contact), 'stranger');
    return;
  }
  for (let no = 0; ;) {
    const turn = await conversation.turnAfter(no, signal);
    no = turn.no;
    switch (turn.wants) {
      case 'close':
        await tempo.pause(chance.between(3, 8), signal);
        await call(Contact, 'PUT', `/contacts/${contact.id}/close`, { reason: turn.reason });
        return;
      case 'reply':
        await tempo.pause(chance.between(1, 2), signal);
        if (turn.note !== null) await say('note', turn.note, `${no}-note`);
        for (const [index, text] of turn.texts.entries()) {
          await tempo.pause(chance.between(0.5, 1.5), signal);
          showTyping(contact.id);
          await tempo.pause(typingSeconds(text), signal);
          await say('reply', text, `${no}-${index}`);
        }
    }
  }
}

/** For whoever writes to the demo by hand. */
function strangerAnswer({ text }: Contact): string {
  return /[а-яё]/i.test(text ?? '')
    ? 'Здравствуйте! Спасибо за сообщение, уже смотрю.'
    : 'Hello! Thank you for the message, I am looking into it.';
}
