import type { Chat, Message } from 'grammy/types';
import { type Bot, keepMessage } from './bot.ts';
import type { Journal } from './journal.ts';
import { integerOf, type Params, structureOf, textOf, wordsOf } from './params.ts';
import { endPoll, takeUpdates } from './queue.ts';
import { badRequest, Refusal } from './refusal.ts';
import { startWebhook } from './webhook.ts';

/** A message that left the bot, or a change of one. */
export type Sent = {
  token: string;
  method: 'sendMessage' | 'editMessageText';
  chatId: string;
  text: string;
  message: Message;
  payload: Params;
  at: Date;
};

export type Call = {
  bot: Bot;
  params: Params;
  sent: Journal<Sent>;
  webhookRetryMs: number;
  /** Aborted when the caller has closed the connection. */
  gone: AbortSignal;
};

const methods: Record<string, (call: Call) => unknown> = {
  getme: ({ bot }) => bot.me,
  getupdates: getUpdates,
  setwebhook: setWebhook,
  deletewebhook: deleteWebhook,
  getwebhookinfo: getWebhookInfo,
  sendmessage: sendMessage,
  editmessagetext: editMessageText,
  getfile: getFile,
  sendchataction: ({ bot, params }) => (chatTo(bot, params), true),
  answercallbackquery: () => true,
};

/** Carries the method out and answers its result; throws `Refusal`. */
export async function callMethod(name: string, call: Call): Promise<unknown> {
  const method = Object.hasOwn(methods, name.toLowerCase()) ? methods[name.toLowerCase()] : undefined;
  if (method === undefined) throw new Refusal(404, 'Not Found: method not found');
  return await method(call);
}

function getUpdates({ bot, params, gone }: Call): Promise<unknown> {
  const limit = integerOf(params, 'limit', 100);
  bot.allowedUpdates = wordsOf(params, 'allowed_updates') ?? bot.allowedUpdates;
  return takeUpdates(
    bot,
    {
      offset: integerOf(params, 'offset', 0),
      limit: limit < 1 || limit > 100 ? 100 : limit,
      timeoutSeconds: Math.min(Math.max(integerOf(params, 'timeout', 0), 0), 50),
    },
    gone,
  );
}

function setWebhook(call: Call): boolean {
  const { bot, params, sent, webhookRetryMs } = call;
  const url = textOf(params, 'url');
  const secret = textOf(params, 'secret_token');
  if (url === '') return deleteWebhook(call);
  // Telegram itself takes https alone; the stand-in speaks to gateways on loopback.
  if (!URL.canParse(url)) throw badRequest('bad webhook: invalid webhook URL specified');
  if (!/^[A-Za-z0-9_-]{0,256}$/.test(secret)) throw badRequest('secret token contains unallowed characters');
  bot.allowedUpdates = wordsOf(params, 'allowed_updates') ?? bot.allowedUpdates;
  if (params['drop_pending_updates'] === true) bot.updates = [];
  endPoll(bot, 'setWebhook');
  bot.webhook?.stop();
  const settings = { url, secret, maxConnections: integerOf(params, 'max_connections', 40) };
  bot.webhook = startWebhook(bot, settings, {
    retryMs: webhookRetryMs,
    callMethod: ({ method, ...answer }) =>
      callMethod(String(method), { ...call, params: answer, gone: new AbortController().signal, sent }),
  });
  return true;
}

function deleteWebhook({ bot, params }: Call): boolean {
  bot.webhook?.stop();
  bot.webhook = null;
  if (params['drop_pending_updates'] === true) bot.updates = [];
  return true;
}

function getWebhookInfo({ bot }: Call): unknown {
  const { webhook } = bot;
  return {
    url: webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: bot.updates.length,
    ...(webhook !== null && { max_connections: webhook.maxConnections }),
    ...(webhook?.lastError && {
      last_error_date: Math.floor(webhook.lastError.at.getTime() / 1000),
      last_error_message: webhook.lastError.text,
    }),
    ...(bot.allowedUpdates.length > 0 && { allowed_updates: bot.allowedUpdates }),
  };
}

function sendMessage({ bot, params, sent }: Call): Message {
  const chat = chatTo(bot, params);
  const text = messageText(params);
  const answered = repliedTo(bot, chat, params);
  const message = {
    message_id: bot.nextMessageId++,
    from: bot.me,
    chat,
    date: Math.floor(Date.now() / 1000),
    text,
    ...(answered && { reply_to_message: answered }),
  } as Message;
  keepMessage(bot, message);
  const { token } = bot;
  sent.add({
    token,
    method: 'sendMessage',
    chatId: String(chat.id),
    text,
    message,
    payload: params,
    at: new Date(),
  });
  return message;
}

function editMessageText({ bot, params, sent }: Call): Message {
  const chat = chatTo(bot, params);
  const text = messageText(params);
  const message = bot.messages.get(`${chat.id}:${integerOf(params, 'message_id', 0)}`);
  if (message === undefined) throw badRequest('message to edit not found');
  if (message.from?.id !== bot.me.id) throw badRequest("message can't be edited");
  if (message.text === text) throw badRequest('message is not modified');
  const edited = { ...message, text, edit_date: Math.floor(Date.now() / 1000) };
  keepMessage(bot, edited);
  const { token } = bot;
  sent.add({
    token,
    method: 'editMessageText',
    chatId: String(chat.id),
    text,
    message: edited,
    payload: params,
    at: new Date(),
  });
  return edited;
}

function getFile({ bot, params }: Call): unknown {
  const id = textOf(params, 'file_id');
  const file = bot.files.get(id);
  if (file === undefined) throw badRequest('invalid file_id');
  if (file.bytes.length > 20 * 1024 * 1024) throw badRequest('file is too big');
  return { file_id: id, file_unique_id: `u${id}`, file_size: file.bytes.length, file_path: file.path };
}

function chatTo(bot: Bot, params: Params): Chat {
  const id = textOf(params, 'chat_id');
  if (id === '') throw badRequest('chat_id is empty');
  const chat = bot.chats.get(id);
  if (chat === undefined) throw badRequest('chat not found');
  if (bot.blockedIn.has(id)) throw new Refusal(403, 'Forbidden: bot was blocked by the user');
  return chat;
}

function messageText(params: Params): string {
  const text = textOf(params, 'text');
  if (text.trim() === '') throw badRequest('message text is empty');
  if (text.length > 4096) throw badRequest('message is too long');
  return text;
}

function repliedTo(bot: Bot, chat: Chat, params: Params): Message | undefined {
  const wish = structureOf(params, 'reply_parameters');
  if (typeof wish !== 'object' || wish === null || !('message_id' in wish)) return undefined;
  const message = bot.messages.get(`${chat.id}:${String(wish.message_id)}`);
  const isOptional = 'allow_sending_without_reply' in wish && wish.allow_sending_without_reply === true;
  if (message === undefined && !isOptional) throw badRequest('message to be replied not found');
  return message;
}
