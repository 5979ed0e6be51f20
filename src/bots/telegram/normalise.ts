import type { Message, Update, User } from 'grammy/types';
import type { SourceId } from '../../contract/ids.ts';
import { languageIn, storable } from '../../contract/text.ts';
import type { EditArrival, LeadWords, MessageArrival, ReachArrival } from '../../desk/arrival.ts';
import { storableRaw } from '../raw.ts';
import { contentOf } from './content.ts';

/** What an update means to the desk. */
export type Meaning =
  | { kind: 'message'; arrival: MessageArrival }
  | { kind: 'edit'; edit: EditArrival }
  | { kind: 'reach'; reach: ReachArrival }
  /** Understood, and of no matter: the bot came into a group, or left it. */
  | { kind: 'nothing' }
  /** Somebody writes in a group: the bot says once that it works in private. */
  | { kind: 'group'; chat: string }
  /** Nothing the desk knows: kept as it came, with the reason. */
  | { kind: 'ignored'; reason: string; externalId: string | null; raw: unknown };

/** From Telegram's words to ours; understands any JSON, and refuses none. */
export function normaliseUpdate(sourceId: SourceId, update: unknown): Meaning {
  const raw = storableRaw(update);
  if (!isRecord(update)) return ignored('malformed-update', update, raw);
  const { message, edited_message: edited, my_chat_member: member } = update as Partial<Update>;
  if (message !== undefined)
    return meaningOfMessage(sourceId, message, raw) ?? ignored('malformed-update: message', update, raw);
  if (edited !== undefined)
    return meaningOfEdit(sourceId, edited, raw) ?? ignored('malformed-update: edited_message', update, raw);
  if (member !== undefined)
    return meaningOfMember(sourceId, member) ?? ignored('malformed-update: my_chat_member', update, raw);
  const kinds = Object.keys(update).filter((name) => name !== 'update_id');
  return ignored(`unsupported-update: ${kinds.join(', ')}`, update, raw);
}

function meaningOfMessage(sourceId: SourceId, message: unknown, raw: unknown): Meaning | null {
  if (!isMessage(message)) return null;
  if (message.chat.type !== 'private') return ofOtherChat(message, raw);
  const arrival = {
    sourceId,
    externalId: externalIdOf(message),
    lead: leadOf(message),
    chat: String(message.chat.id),
    ...contentOf(message),
    sentAt: momentOf(message.date),
    replyTo: isMessage(message.reply_to_message) ? externalIdOf(message.reply_to_message) : null,
    raw: isPlain(message) ? null : raw,
  };
  return { kind: 'message', arrival };
}

function meaningOfEdit(sourceId: SourceId, message: unknown, raw: unknown): Meaning | null {
  if (!isMessage(message)) return null;
  if (message.chat.type !== 'private') return ofOtherChat(message, raw);
  const editedAt = momentOf(message.edit_date) ?? momentOf(message.date);
  if (editedAt === null) return null;
  const { text } = contentOf(message);
  return { kind: 'edit', edit: { sourceId, externalId: externalIdOf(message), text, editedAt, raw } };
}

/** How the bot stands in a chat by now: in a private one, whether its person lets it write. */
function meaningOfMember(sourceId: SourceId, member: unknown): Meaning | null {
  if (!isRecord(member) || !isRecord(member['new_chat_member'])) return null;
  const { chat, from, date, new_chat_member: now } = member;
  const at = momentOf(date);
  if (!isChat(chat) || !isPerson(from) || at === null) return null;
  if (chat.type !== 'private') return { kind: 'nothing' };
  const { status } = now;
  if (status !== 'kicked' && status !== 'member') return null;
  const reach = { sourceId, lead: leadIdOf(from), chat: String(chat.id), isOpen: status === 'member', at };
  return { kind: 'reach', reach };
}

function ofOtherChat(message: Message, raw: unknown): Meaning {
  const { id, type } = message.chat;
  if (type === 'group' || type === 'supergroup') return { kind: 'group', chat: String(id) };
  return { kind: 'ignored', reason: `unsupported-chat: ${type}`, externalId: externalIdOf(message), raw };
}

const plain = new Set(['message_id', 'from', 'chat', 'date', 'text', 'reply_to_message']);

/** Whether the arrival says all there is. */
function isPlain(message: Message): boolean {
  return Object.keys(message).every((name) => plain.has(name));
}

function leadOf(message: Message): LeadWords {
  // A private chat has the id and the names of the person in it.
  const person: Partial<User> & { id: number } = message.from ?? message.chat;
  const name = [person.first_name, person.last_name]
    .filter((part) => typeof part === 'string')
    .map((part) => storable(part).trim())
    .filter((part) => part !== '')
    .join(' ');
  return {
    externalId: leadIdOf(person),
    name: name === '' ? null : name,
    phone: null,
    email: null,
    language: languageIn(person.language_code),
  };
}

function leadIdOf(person: { id: number }): string {
  return `tg:${person.id}`;
}

// Ids of messages are counted per bot and chat: the source makes them unique.
function externalIdOf(message: Message): string {
  return `${message.chat.id}:${message.message_id}`;
}

function momentOf(seconds: unknown): Date | null {
  if (typeof seconds !== 'number') return null;
  const moment = new Date(seconds * 1000);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

// The id of the update keeps a second delivery of it from being kept twice.
function ignored(reason: string, update: unknown, raw: unknown): Meaning {
  const id = isRecord(update) ? update['update_id'] : undefined;
  return {
    kind: 'ignored',
    reason: storable(reason).slice(0, 200),
    externalId: Number.isSafeInteger(id) ? `update:${String(id)}` : null,
    raw,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMessage(value: unknown): value is Message {
  if (!isRecord(value) || !Number.isSafeInteger(value['message_id'])) return false;
  return isChat(value['chat']) && (value['from'] === undefined || isPerson(value['from']));
}

function isChat(value: unknown): value is { id: number; type: string } {
  return isRecord(value) && Number.isSafeInteger(value['id']) && typeof value['type'] === 'string';
}

function isPerson(value: unknown): value is { id: number } {
  return isRecord(value) && Number.isSafeInteger(value['id']);
}
