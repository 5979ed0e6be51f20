import type { Bot } from './bot.ts';
import { chatTo } from './chats.ts';
import type { Journal } from './journal.ts';
import type { Limits } from './limits.ts';
import { integerOf, isSet, type Params, textOf, wordsOf } from './params.ts';
import { endPoll, takeUpdates } from './queue.ts';
import { badRequest, Refusal } from './refusal.ts';
import {
  deleteMessage,
  editMessageText,
  sendContact,
  sendLocation,
  sendMedia,
  sendMediaGroup,
  sendMessage,
  type Sent,
} from './send.ts';
import { startWebhook } from './webhook.ts';

export type Call = {
  bot: Bot;
  params: Params;
  sent: Journal<Sent>;
  /** null: messages are not counted. */
  limits: Limits | null;
  webhookRetryMs: number;
  /** Aborted when the caller has closed the connection. */
  gone: AbortSignal;
};

const actions = new Set(
  `typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker
  find_location record_video_note upload_video_note`.split(/\s+/),
);

/** What brings something to the customer's screen: these are counted. */
const sending: Record<string, (call: Call) => unknown> = {
  sendmessage: sendMessage,
  sendphoto: sendMedia('sendPhoto', 'photo'),
  senddocument: sendMedia('sendDocument', 'document'),
  sendvideo: sendMedia('sendVideo', 'video'),
  sendanimation: sendMedia('sendAnimation', 'animation'),
  sendaudio: sendMedia('sendAudio', 'audio'),
  sendvoice: sendMedia('sendVoice', 'voice'),
  sendvideonote: sendMedia('sendVideoNote', 'video_note'),
  sendsticker: sendMedia('sendSticker', 'sticker'),
  sendlocation: sendLocation,
  sendcontact: sendContact,
  sendmediagroup: sendMediaGroup,
  editmessagetext: editMessageText,
};

const methods: Record<string, (call: Call) => unknown> = {
  ...sending,
  getme: ({ bot }) => bot.me,
  getupdates: getUpdates,
  setwebhook: setWebhook,
  deletewebhook: deleteWebhook,
  getwebhookinfo: getWebhookInfo,
  deletemessage: deleteMessage,
  getfile: getFile,
  getchat: ({ bot, params }) => ({ accent_color_id: 0, max_reaction_count: 11, ...chatTo(bot, params) }),
  sendchataction: sendChatAction,
  answercallbackquery: answerCallbackQuery,
};

/** Carries the method out and answers its result; throws `Refusal`. */
export async function callMethod(name: string, call: Call): Promise<unknown> {
  const known = name.toLowerCase();
  const method = Object.hasOwn(methods, known) ? methods[known] : undefined;
  if (method === undefined) throw new Refusal(404, 'Not Found: method not found');
  if (Object.hasOwn(sending, known)) admit(call);
  return await method(call);
}

function admit({ bot, params, limits }: Call): void {
  const wait = limits?.admit(bot.token, textOf(params, 'chat_id')) ?? 0;
  if (wait > 0) throw new Refusal(429, `Too Many Requests: retry after ${wait}`, { retry_after: wait });
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
  const { bot, params, webhookRetryMs } = call;
  const url = textOf(params, 'url');
  const secret = textOf(params, 'secret_token');
  if (url === '') return deleteWebhook(call);
  // Telegram itself takes https alone; the stand-in speaks to gateways on loopback.
  if (!URL.canParse(url)) throw badRequest('bad webhook: invalid webhook URL specified');
  if (!/^[A-Za-z0-9_-]{0,256}$/.test(secret)) throw badRequest('secret token contains unallowed characters');
  bot.allowedUpdates = wordsOf(params, 'allowed_updates') ?? bot.allowedUpdates;
  if (isSet(params, 'drop_pending_updates')) bot.updates = [];
  endPoll(bot, 'setWebhook');
  bot.webhook?.stop();
  const maxConnections = Math.min(Math.max(integerOf(params, 'max_connections', 40), 1), 100);
  bot.webhook = startWebhook(
    bot,
    { url, secret, maxConnections },
    {
      retryMs: webhookRetryMs,
      callMethod: ({ method, ...answer }) =>
        callMethod(String(method), { ...call, params: answer, gone: new AbortController().signal }),
    },
  );
  return true;
}

function deleteWebhook({ bot, params }: Call): boolean {
  bot.webhook?.stop();
  bot.webhook = null;
  if (isSet(params, 'drop_pending_updates')) bot.updates = [];
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

function getFile({ bot, params }: Call): unknown {
  const id = textOf(params, 'file_id');
  const file = bot.files.get(id);
  if (file === undefined) throw badRequest('invalid file_id');
  if (file.bytes.length > 20 * 1024 * 1024) throw badRequest('file is too big');
  return { file_id: id, file_unique_id: `u${id}`, file_size: file.bytes.length, file_path: file.path };
}

function sendChatAction({ bot, params }: Call): true {
  chatTo(bot, params);
  if (!actions.has(textOf(params, 'action'))) throw badRequest('wrong parameter action in request');
  return true;
}

function answerCallbackQuery({ bot, params }: Call): true {
  if (!bot.pressed.delete(textOf(params, 'callback_query_id')))
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  return true;
}
