import type { Chat, Message, UserFromGetMe } from 'grammy/types';

export type StoredUpdate = { update_id: number } & Record<string, unknown>;

/** A `getUpdates` that is waiting for something to come. */
export type WaitingPoll = {
  answer(updates: StoredUpdate[]): void;
  refuse(error: Error): void;
  limit: number;
};

/** Sends the waiting updates to an address until it answers 2xx. */
export type WebhookSender = {
  readonly url: string;
  readonly maxConnections: number;
  readonly lastError: { at: Date; text: string } | null;
  wake(): void;
  stop(): void;
};

/** One bot as Telegram's servers keep it. */
export type Bot = {
  readonly token: string;
  readonly me: UserFromGetMe;
  /** Not yet confirmed, oldest first. */
  updates: StoredUpdate[];
  nextUpdateId: number;
  nextMessageId: number;
  allowedUpdates: readonly string[];
  poll: WaitingPoll | null;
  webhook: WebhookSender | null;
  readonly chats: Map<string, Chat>;
  readonly blockedIn: Set<string>;
  /** By `<chat>:<message id>`. */
  readonly messages: Map<string, Message>;
  /** By `file_id`. */
  readonly files: Map<string, { path: string; bytes: Uint8Array }>;
};

export function createBot(bot: { token: string; username: string; firstName?: string }): Bot {
  return {
    token: bot.token,
    me: {
      id: Number(bot.token.split(':')[0]),
      is_bot: true,
      first_name: bot.firstName ?? bot.username,
      username: bot.username,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
      has_topics_enabled: false,
      allows_users_to_create_topics: false,
      can_manage_bots: false,
      supports_join_request_queries: false,
    },
    updates: [],
    nextUpdateId: 1,
    nextMessageId: 1,
    allowedUpdates: [],
    poll: null,
    webhook: null,
    chats: new Map(),
    blockedIn: new Set(),
    messages: new Map(),
    files: new Map(),
  };
}

/** Keeps the message as one of the chat, which the bot knows from then on. */
export function keepMessage(bot: Bot, message: Message): void {
  bot.chats.set(String(message.chat.id), message.chat);
  bot.messages.set(`${message.chat.id}:${message.message_id}`, message);
}
