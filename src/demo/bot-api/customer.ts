import type { Chat, Message, User } from 'grammy/types';
import { type Bot, keepMessage } from './bot.ts';
import { badRequest } from './refusal.ts';
import { pushUpdate, wantsUpdate } from './queue.ts';

export type Person = {
  id: number;
  first_name?: string;
  last_name?: string;
  username?: string;
  language_code?: string;
};

/** A person in a private chat with the bot. */
export type Customer = {
  readonly chatId: string;
  /** Writes a text, or any message given by its parts; answers what the bot gets to see. */
  writes(content: string | Partial<Message>): Message;
  edits(messageId: number, text: string): Message;
  /** From now on the bot's messages are refused with 403. */
  blocks(): void;
  unblocks(): void;
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
  return {
    chatId,
    writes(content) {
      const written = {
        message_id: bot.nextMessageId++,
        from,
        chat,
        date: Math.floor(Date.now() / 1000),
        ...(typeof content === 'string' ? textual(content) : content),
      } as Message;
      // A message with an id of its own (a jump) is followed by the next ones.
      bot.nextMessageId = Math.max(bot.nextMessageId, written.message_id + 1);
      keepMessage(bot, written);
      if (wantsUpdate(bot, 'message')) pushUpdate(bot, { message: written });
      return written;
    },
    edits(messageId, text) {
      const message = bot.messages.get(`${chatId}:${messageId}`);
      if (message === undefined) throw badRequest('message to edit not found');
      const edited = { ...message, ...textual(text), edit_date: Math.floor(Date.now() / 1000) };
      keepMessage(bot, edited);
      if (wantsUpdate(bot, 'edited_message')) pushUpdate(bot, { edited_message: edited });
      return edited;
    },
    blocks: () => void bot.blockedIn.add(chatId),
    unblocks: () => void bot.blockedIn.delete(chatId),
  };
}

function textual(text: string): Partial<Message> {
  const command = /^\/[a-z0-9_]+/i.exec(text)?.[0];
  if (command === undefined) return { text };
  return { text, entities: [{ type: 'bot_command', offset: 0, length: command.length }] };
}
