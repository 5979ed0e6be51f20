import type { ContactId, DeadLetterId, LeadId, MessageId, SourceId } from '../contract/ids.ts';
import type { Attachment } from '../contract/message.ts';
import type { Fence } from './leases.ts';

/** Who writes, in the words of the channel. */
export type LeadWords = {
  externalId: string;
  name: string | null;
  phone: string | null;
  email: string | null;
  /** A tag of BCP 47. */
  language: string | null;
};

/** A message from a channel, already normalised: past this point nobody has heard of Telegram. */
export type MessageArrival = {
  sourceId: SourceId;
  /** The message's id where it comes from; with the source it is unique. null: cannot be told apart. */
  externalId: string | null;
  lead: LeadWords;
  /** Where a reply goes, where the channel has such an address. */
  chat: string | null;
  text: string;
  attachments: Attachment[];
  sentAt: Date | null;
  /** The `externalId` of the message that it answers. */
  replyTo: string | null;
  /** What the channel really sent, where it holds more than the rest says; else null. */
  raw: unknown;
  /** Where it was polled: the right to poll. A message of who has lost it is refused. */
  fence?: Fence | null;
};

export type EditArrival = {
  sourceId: SourceId;
  externalId: string;
  text: string;
  editedAt: Date;
  raw: unknown;
  fence?: Fence | null;
};

/** A lead shuts a chat for the bot, or opens it again. */
export type ReachArrival = {
  sourceId: SourceId;
  /** The lead's `externalId`. */
  lead: string;
  chat: string;
  isOpen: boolean;
  at: Date;
  fence?: Fence | null;
};

/** What became of a message. One that was kept as a dead letter has no ids but that. */
export type Receipt = {
  messageId: MessageId | null;
  contactId: ContactId | null;
  leadId: LeadId | null;
  duplicate: boolean;
  deadLetterId?: DeadLetterId;
};
