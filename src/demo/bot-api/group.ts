import type { Chat, Message } from 'grammy/types';
import type { Bot } from './bot.ts';
import { type Person, writeAs } from './customer.ts';

/** A group that the bot is a member of. */
export type Group = {
  /** Another one once it has become a supergroup. */
  readonly chatId: string;
  writes(person: Person, content: string | Partial<Message>): Message;
  /** Becomes a supergroup: what goes to the old id is refused with 400 and the new one. */
  migrates(newId: number): void;
};

export function createGroup(bot: Bot, { id, title }: { id: number; title: string }): Group {
  let chat: Chat = { id, type: 'group', title };
  bot.chats.set(String(id), chat);
  return {
    get chatId() {
      return String(chat.id);
    },
    writes: (person, content) => writeAs(bot, { is_bot: false, first_name: 'Ann', ...person }, chat, content),
    migrates(newId) {
      const before = chat;
      chat = { id: newId, type: 'supergroup', title };
      // Telegram tells it twice: at the end of the old chat and at the beginning of the new one.
      writeAs(bot, bot.me, before, { migrate_to_chat_id: newId });
      writeAs(bot, bot.me, chat, { migrate_from_chat_id: before.id });
      bot.migrated.set(String(before.id), String(newId));
    },
  };
}
