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

/** A file as the bot sees it; `kind` is unknown for one that no message brought. */
export type StoredFile = {
  readonly id: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly kind?: string;
  readonly name?: string;
  readonly mimeType?: string;
};

/** One bot as Telegram's servers keep it. */
export type Bot = {
  /** BotFather may make a new one. */
  token: string;
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
  /** From the id of a group to that of the supergroup it became. */
  readonly migrated: Map<string, string>;
  /** Buttons that were pressed and not answered yet. */
  readonly pressed: Set<string>;
  /** By `<chat>:<message id>`. */
  readonly messages: Map<string, Message>;
  /** By `file_id`. */
  readonly files: Map<string, StoredFile>;
};

/** What is told of a new bot; `firstId`: where its updates and messages begin to count. */
export type BotTraits = { token: string; username: string; firstName?: string; firstId?: number };

export function createBot({ token, username, firstName = username, firstId = 1 }: BotTraits): Bot {
  return {
    token,
    me: {
      id: Number(token.split(':')[0]),
      is_bot: true,
      first_name: firstName,
      username,
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
    nextUpdateId: firstId,
    nextMessageId: firstId,
    allowedUpdates: [],
    poll: null,
    webhook: null,
    chats: new Map(),
    blockedIn: new Set(),
    migrated: new Map(),
    pressed: new Set(),
    messages: new Map(),
    files: new Map(),
  };
}

/** Keeps the message as one of the chat, which the bot knows from then on. */
export function keepMessage(bot: Bot, message: Message): void {
  bot.chats.set(String(message.chat.id), message.chat);
  bot.messages.set(`${message.chat.id}:${message.message_id}`, message);
}

/** Telegram's time: whole seconds. */
export function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}
