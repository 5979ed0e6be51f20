import type { Unreachable } from '../contract/contact.ts';
import type { LeadId } from '../contract/ids.ts';
import type { MessageStatus } from '../contract/message.ts';
import type { SourceKind } from '../contract/source.ts';
import type { Tx } from '../store/write.ts';
import { chatsOf } from './chats-of-lead.ts';
import type { LoadedContact } from './find-contact.ts';
import { laneOfChat, laneOfLead } from './lanes.ts';

/** How something said to a lead leaves. */
export type WayOut =
  /** It does not. */
  | { by: 'nothing'; reason: 'no-channel' | Unreachable['reason'] }
  /** The event of the message is its delivery. */
  | { by: 'event' }
  /** By the outbox; in a lane one goes after the other. */
  | { by: 'telegram'; lane: string; chat: string }
  | { by: 'callback'; lane: string; chat: null };

type Channel = { kind: SourceKind; callbackUrl?: string | null };

/** The way to a lead of a source, in the chat that is known of it. */
export function wayTo({ kind, callbackUrl }: Channel, leadId: LeadId, chat: string | null): WayOut {
  switch (kind) {
    case 'api':
      return { by: 'event' };
    case 'webhook':
      return callbackUrl ? { by: 'callback', lane: laneOfLead(leadId), chat: null } : NO_CHANNEL;
    case 'telegram':
      return chat === null ? NO_CHANNEL : { by: 'telegram', lane: laneOfChat(chat), chat };
  }
}

const NO_CHANNEL = { by: 'nothing', reason: 'no-channel' } as const;

/** The way to the lead of a contact. */
export async function findWayOut(tx: Tx, contact: LoadedContact): Promise<WayOut> {
  const { source, lead } = contact;
  const asksForChat = source.kind === 'telegram' && !contact.chat;
  const chat = asksForChat ? await lastChatOf(tx, contact) : contact.chat;
  return wayTo(source, lead.id, chat ?? null);
}

/** A contact that was opened by hand goes to the chat from which its lead wrote to this bot before. */
async function lastChatOf(tx: Tx, { lead, source }: LoadedContact): Promise<string | null> {
  const [newest] = await chatsOf(tx, lead.id, source.id);
  return newest?.chat ?? null;
}

/** How a message stands that has just set out. */
export function departure(
  way: WayOut,
  at: Date,
): { status: MessageStatus; error: string | null; sentAt: Date | null } {
  switch (way.by) {
    case 'nothing':
      return { status: 'failed', error: way.reason, sentAt: null };
    case 'event':
      return { status: 'sent', error: null, sentAt: at };
    case 'telegram':
    case 'callback':
      return { status: 'queued', error: null, sentAt: null };
  }
}
