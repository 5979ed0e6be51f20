import type { Chat, Message, User } from 'grammy/types';
import { type Bot, keepMessage, secondsNow } from './bot.ts';
import { type MediaKind, mediaPart, storeFile } from './media.ts';
import type { Params, Upload } from './params.ts';
import { pushUpdate, wantsUpdate } from './queue.ts';
import { badRequest } from './refusal.ts';

export type Person = {
  id: number;
  first_name?: string;
  last_name?: string;
  username?: string;
  /** What `from.language_code` says, an IETF language tag. */
  language_code?: string;
};

/** A person in a private chat with the bot. */
export type Customer = {
  readonly chatId: string;
  /** Writes a text, or any message given by its parts; answers what the bot gets to see. */
  writes(content: string | Partial<Message>): Message;
  /** Sends a file, which the bot can fetch; `more`: a caption, a duration, an emoji. */
  sends(kind: MediaKind, file: Upload, more?: Params): Message;
  edits(messageId: number, text: string): Message;
  /** Presses an inline button of a message. */
  presses(message: Message, button: string): void;
  /** From now on the bot's messages are refused with 403; the bot is told so (`my_chat_member`: kicked). */
  blocks(): void;
  /** The reverse (`my_chat_member`: member). */
  unblocks(): void;
  /** The bot knows the chat from before; no update tells of it. */
  wroteBefore(): void;
};

export function createCustomer(bot: Bot, person: Person): Customer {
  const from: User = { is_bot: false, first_name: 'Ann', ...person };
  const chat: Chat.PrivateChat = {
    id: person.id,
    type: 'private',
    first_name: from.first_name,
    ...(from.last_name !== undefined && { last_name: from.last_name }),
    ...(from.username !== undefined && { username: from.username }),
  };
  const chatId = String(chat.id);
  const writes: Customer['writes'] = (content) => writeAs(bot, from, chat, content);

  /** Tells the bot of its new standing in the chat. */
  function changeStanding(was: 'member' | 'kicked', is: 'member' | 'kicked'): void {
    if (!wantsUpdate(bot, 'my_chat_member')) return;
    pushUpdate(bot, {
      my_chat_member: {
        chat,
        from,
        date: secondsNow(),
        old_chat_member: standing(bot, was),
        new_chat_member: standing(bot, is),
      },
    });
  }

  return {
    chatId,
    writes,
    sends(kind, file, more = {}) {
      const caption = typeof more['caption'] === 'string' ? { caption: more['caption'] } : {};
      return writes({ ...mediaPart(kind, storeFile(bot, kind, file), more), ...caption });
    },
    edits(messageId, text) {
      const message = bot.messages.get(`${chatId}:${messageId}`);
      if (message === undefined) throw badRequest('message to edit not found');
      const edited = { ...message, ...textual(text), edit_date: secondsNow() };
      keepMessage(bot, edited);
      if (wantsUpdate(bot, 'edited_message')) pushUpdate(bot, { edited_message: edited });
      return edited;
    },
    presses(message, button) {
      const id = `${person.id}${bot.nextUpdateId}`;
      bot.pressed.add(id);
      if (!wantsUpdate(bot, 'callback_query')) return;
      pushUpdate(bot, { callback_query: { id, from, message, chat_instance: chatId, data: button } });
    },
    blocks() {
      bot.blockedIn.add(chatId);
      changeStanding('member', 'kicked');
    },
    unblocks() {
      bot.blockedIn.delete(chatId);
      changeStanding('kicked', 'member');
    },
    wroteBefore: () => void bot.chats.set(chatId, chat),
  };
}

/** A message of a person in a chat, kept and told to the bot. */
export function writeAs(bot: Bot, from: User, chat: Chat, content: string | Partial<Message>): Message {
  const written = {
    message_id: bot.nextMessageId++,
    from,
    chat,
    date: secondsNow(),
    ...(typeof content === 'string' ? textual(content) : content),
  } as Message;
  // A message with an id of its own (a jump) is followed by the next ones.
  bot.nextMessageId = Math.max(bot.nextMessageId, written.message_id + 1);
  keepMessage(bot, written);
  if (wantsUpdate(bot, 'message')) pushUpdate(bot, { message: written });
  return written;
}

function standing({ me }: Bot, status: 'member' | 'kicked') {
  return { user: me, status, ...(status === 'kicked' && { until_date: 0 }) };
}

function textual(text: string): Partial<Message> {
  const command = /^\/[a-z0-9_]+/i.exec(text)?.[0];
  if (command === undefined) return { text };
  return { text, entities: [{ type: 'bot_command', offset: 0, length: command.length }] };
}
