import type { ContactId, SourceId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { Message } from '../../src/store/entities/message.ts';
import { admin, writes } from '../support/desk.ts';

export const queueNotice = 'You are {place}.';

/** A bot that tells places in the queue. */
export const telling = { kind: 'telegram', queueNotice } as const;

/** What bots have said, in order: in which contact, and what. */
export async function said(desk: Desk): Promise<[ContactId, string][]> {
  const messages = await desk.store.em().find(Message, { author: 'bot' }, { orderBy: { id: 'asc' } });
  return messages.map(({ contact, text }) => [contact.id, text]);
}

export async function textsOf(desk: Desk): Promise<string[]> {
  return (await said(desk)).map(([, text]) => text);
}

/** The lead `tg:<n>` writes in chat n; resolves when nothing moves by itself any more. */
export async function customer(
  desk: Desk,
  source: SourceId,
  n: number,
  language?: string,
): Promise<ContactId> {
  const { contactId } = await writes(desk, source, `tg:${n}`, { chat: `${n}`, language });
  await desk.drains.idle();
  return contactId!;
}

/** The leads from 1 on, one after the other. */
export async function customers(desk: Desk, source: SourceId, count: number): Promise<ContactId[]> {
  const ids: ContactId[] = [];
  for (let n = 1; n <= count; n++) ids.push(await customer(desk, source, n));
  return ids;
}

export function closes(desk: Desk, id: ContactId): Promise<unknown> {
  return closeContact(desk, admin, id, {});
}

/** The chat of a lead is shut for the bot, or open again. */
export function reach(sourceId: SourceId, n: number, isOpen: boolean, at: Date) {
  return { sourceId, lead: `tg:${n}`, chat: `${n}`, isOpen, at };
}
