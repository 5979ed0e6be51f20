import type { Chat, Message } from 'grammy/types';
import type { Bot } from './bot.ts';
import { type Params, structureOf, textOf } from './params.ts';
import { badRequest, Refusal } from './refusal.ts';

/** The chat that a call names. Throws `Refusal` where the bot may not write. */
export function chatTo(bot: Bot, params: Params): Chat {
  const id = textOf(params, 'chat_id');
  if (id === '') throw badRequest('chat_id is empty');
  const chat = bot.chats.get(id);
  if (chat === undefined) throw badRequest('chat not found');
  const moved = bot.migrated.get(id);
  if (moved !== undefined)
    throw new Refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: Number(moved),
    });
  if (bot.blockedIn.has(id)) throw new Refusal(403, 'Forbidden: bot was blocked by the user');
  return chat;
}

/** The message that a call answers to, if it names one. Throws `Refusal` for one that is not there. */
export function repliedTo(bot: Bot, chat: Chat, params: Params): Message | undefined {
  const wish = structureOf(params, 'reply_parameters');
  if (typeof wish !== 'object' || wish === null || !('message_id' in wish)) return undefined;
  const message = bot.messages.get(`${chat.id}:${String(wish.message_id)}`);
  const isOptional = 'allow_sending_without_reply' in wish && wish.allow_sending_without_reply === true;
  if (message === undefined && !isOptional) throw badRequest('message to be replied not found');
  return message;
}
