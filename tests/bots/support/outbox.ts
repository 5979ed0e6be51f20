import type { ContactId, MessageId, OperatorId } from '../../../src/contract/ids.ts';
import { type Message, type MessageStatus, MessageCreate } from '../../../src/contract/message.ts';
import type { Source } from '../../../src/contract/source.ts';
import { type Sender, type SenderOptions, startSender } from '../../../src/bots/sender.ts';
import type { Desk } from '../../../src/desk/desk.ts';
import { writeMessage } from '../../../src/desk/write-message.ts';
import type { BotApi } from '../../../src/demo/bot-api/start.ts';
import type { Customer } from '../../../src/demo/bot-api/customer.ts';
import { Message as MessageRow } from '../../../src/store/entities/message.ts';
import { actingAs, hasOperator, writes } from '../../support/desk.ts';
import { nextEvent, tokenOf } from './bots.ts';
import { holdsAll } from './holdings.ts';
import { openLogJournal } from './log-journal.ts';

/** A sender without Telegram's slowness, beside the stand-in. */
export async function startSending(
  desk: Desk,
  api: { url: string },
  more: Partial<SenderOptions> = {},
): Promise<Sender> {
  const fast = { everyMs: 0, burst: 1 };
  const holdings = more.holdings ?? (await holdsAll(desk));
  const sender = await startSender({
    desk,
    feed: desk.store.feed,
    holdings,
    log: openLogJournal().log,
    apiRoot: api.url,
    allow: ['127.0.0.0/8'],
    rates: { perChat: fast, perBot: fast },
    lookEveryMs: 20,
    backoff: () => 5,
    ...more,
  });
  return {
    async [Symbol.asyncDispose]() {
      await sender[Symbol.asyncDispose]();
      await holdings[Symbol.asyncDispose]();
    },
  };
}

export type Conversation = {
  customer: Customer;
  operatorId: OperatorId;
  contactId: ContactId;
  asked: number;
};

/** A customer of the bot who wrote, and has an operator. */
export async function converses(
  desk: Desk,
  api: BotApi,
  source: Source,
  { id = 42, token = tokenOf(1) }: { id?: number; token?: string } = {},
): Promise<Conversation> {
  const operatorId = await hasOperator(desk, { on: { [source.id]: 1 } });
  const customer = api.customer(token, { id });
  const { message_id: asked } = customer.writes('hello');
  const words = { externalId: `${id}:${asked}`, chat: String(id) };
  const { contactId } = await writes(desk, source.id, `tg:${id}`, words);
  return { customer, contactId: contactId!, asked, operatorId };
}

/** Whoever has the contact replies. */
export async function replies(
  desk: Desk,
  contactId: ContactId,
  text: string,
  more: Partial<MessageCreate> = {},
): Promise<Message> {
  const [row] = await desk.store
    .em()
    .execute<{ operator_id: number }[]>('select operator_id from contact where id = ?', [contactId]);
  const input = MessageCreate.parse({ text, ...more });
  const { message } = await writeMessage(
    desk,
    actingAs(Number(row?.operator_id) as OperatorId),
    contactId,
    input,
  );
  return message;
}

/** Resolves when the message has this status (and error), now or later. */
export async function hasStatus(
  desk: Desk,
  id: MessageId,
  status: MessageStatus,
  error?: string,
): Promise<MessageRow> {
  const isIt = (message: object) =>
    'status' in message &&
    message.status === status &&
    (error === undefined || ('error' in message && message.error === error));
  const later = nextEvent(
    desk,
    ({ type, data }) => type === 'message.updated' && data.id === id && isIt(data),
  );
  const read = () => desk.store.em().findOneOrFail(MessageRow, { id });
  const now = await read();
  if (isIt(now)) return now;
  await later;
  return read();
}
