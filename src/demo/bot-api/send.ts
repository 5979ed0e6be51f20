import type { Chat, Message } from 'grammy/types';
import { type Bot, keepMessage, secondsNow } from './bot.ts';
import { chatTo, repliedTo } from './chats.ts';
import type { Journal } from './journal.ts';
import { isMediaKind, type MediaKind, mediaOf } from './media.ts';
import { integerOf, type Params, structureOf, textOf } from './params.ts';
import { badRequest } from './refusal.ts';

/** A message that left the bot, or a change of one; `text` is its text or its caption. */
export type Sent = {
  token: string;
  method: string;
  chatId: string;
  text: string;
  message: Message;
  payload: Params;
  at: Date;
};

type Sending = { bot: Bot; params: Params; sent: Journal<Sent> };

export function sendMessage(sending: Sending): Message {
  const chat = chatTo(sending.bot, sending.params);
  return send(sending, 'sendMessage', chat, { text: messageText(sending.params) });
}

/** `sendPhoto`, `sendVoice` and their kin: one method for each kind. */
export function sendMedia(method: string, kind: MediaKind): (sending: Sending) => Message {
  return (sending) => {
    const chat = chatTo(sending.bot, sending.params);
    return send(sending, method, chat, mediaOf(sending.bot, kind, sending.params));
  };
}

export function sendLocation(sending: Sending): Message {
  const { bot, params } = sending;
  const chat = chatTo(bot, params);
  const [latitude, longitude] = [Number(params['latitude']), Number(params['longitude'])];
  // Also refuses what is no number at all.
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) throw badRequest('location is invalid');
  return send(sending, 'sendLocation', chat, { location: { latitude, longitude } });
}

export function sendContact(sending: Sending): Message {
  const { bot, params } = sending;
  const chat = chatTo(bot, params);
  const [phone_number, first_name] = [textOf(params, 'phone_number'), textOf(params, 'first_name')];
  if (phone_number === '') throw badRequest('phone number is empty');
  if (first_name === '') throw badRequest('first name is empty');
  const last_name = textOf(params, 'last_name');
  const contact = { phone_number, first_name, ...(last_name !== '' && { last_name }) };
  return send(sending, 'sendContact', chat, { contact });
}

/** An album: 2 to 10 files that go together. */
export function sendMediaGroup(sending: Sending): Message[] {
  const { bot, params } = sending;
  const chat = chatTo(bot, params);
  const media: unknown = structureOf(params, 'media');
  if (!Array.isArray(media) || media.length < 2 || media.length > 10)
    throw badRequest('an album has 2 to 10 items');
  const items = media.map((item: unknown) => albumItem(item));
  const isMixed = new Set(items.map(({ kind }) => (kind === 'video' ? 'photo' : kind))).size > 1;
  if (isMixed) throw badRequest("documents and music can't be mixed with other media");
  // All of them are looked at before the first one goes: an album is sent whole or not at all.
  const parts = items.map(({ kind, item }) =>
    mediaOf(bot, kind, { ...params, ...item, [kind]: item['media'] }),
  );
  const media_group_id = `${chat.id}-${bot.nextMessageId}`;
  return parts.map((part) => send(sending, 'sendMediaGroup', chat, { ...part, media_group_id }));
}

function albumItem(item: unknown): { kind: MediaKind; item: Params } {
  if (typeof item !== 'object' || item === null) throw badRequest("can't parse InputMedia");
  const words: Params = { ...item };
  const kind = textOf(words, 'type');
  if (!isMediaKind(kind) || !['photo', 'video', 'document', 'audio'].includes(kind))
    throw badRequest(`type "${kind}" can't be used in sendMediaGroup`);
  return { kind, item: words };
}

export function editMessageText(sending: Sending): Message {
  const { bot, params } = sending;
  const chat = chatTo(bot, params);
  const text = messageText(params);
  const message = ownMessage(sending, chat, 'edit');
  if (message.text === undefined) throw badRequest('there is no text in the message to edit');
  if (message.text === text) throw badRequest('message is not modified');
  const edited = { ...message, text, edit_date: secondsNow() };
  keepMessage(bot, edited);
  note(sending, 'editMessageText', edited);
  return edited;
}

export function deleteMessage(sending: Sending): true {
  const { bot, params } = sending;
  const chat = chatTo(bot, params);
  const key = `${chat.id}:${integerOf(params, 'message_id', 0)}`;
  const message = bot.messages.get(key);
  if (message === undefined) throw badRequest('message to delete not found');
  bot.messages.delete(key);
  note(sending, 'deleteMessage', message);
  return true;
}

function ownMessage({ bot, params }: Sending, chat: Chat, what: string): Message {
  const message = bot.messages.get(`${chat.id}:${integerOf(params, 'message_id', 0)}`);
  if (message === undefined) throw badRequest(`message to ${what} not found`);
  if (message.from?.id !== bot.me.id) throw badRequest("message can't be edited");
  return message;
}

function messageText(params: Params): string {
  const text = textOf(params, 'text');
  if (text.trim() === '') throw badRequest('message text is empty');
  if (text.length > 4096) throw badRequest('message is too long');
  return text;
}

function send(sending: Sending, method: string, chat: Chat, content: Partial<Message>): Message {
  const { bot, params } = sending;
  const answered = repliedTo(bot, chat, params);
  const markup = structureOf(params, 'reply_markup');
  const message = {
    message_id: bot.nextMessageId++,
    from: bot.me,
    chat,
    date: secondsNow(),
    ...content,
    ...(answered && { reply_to_message: answered }),
    ...(typeof markup === 'object' && markup !== null && { reply_markup: markup }),
  } as Message;
  keepMessage(bot, message);
  note(sending, method, message);
  return message;
}

function note({ bot, params, sent }: Sending, method: string, message: Message): void {
  sent.add({
    token: bot.token,
    method,
    chatId: String(message.chat.id),
    text: message.text ?? message.caption ?? '',
    message,
    payload: params,
    at: new Date(),
  });
}
