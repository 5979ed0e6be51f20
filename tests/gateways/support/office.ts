import type { ExpectStatic } from 'vitest';
import type { BotApi } from '../../../src/demo/bot-api/start.ts';
import type { Started } from '../../support/gateway.ts';
import { connect } from '../../support/postgres.ts';
import { call, mustCall } from './gateways.ts';

/** Bots with customers who write all the time, and an operator who answers. */
export type Office = {
  bots: { id: number; token: string }[];
  /** What customers wrote, as the ids under which messages are stored, by bot. */
  written: Map<number, string[]>;
  /** What the operator was promised to be sent: the text, which is like no other. */
  replied: { messageId: number; text: string }[];
  /** Every customer writes once; the operator answers some of them, at whichever gateway answers. */
  round(gateways: readonly Started[]): Promise<void>;
  /** The operator answers a customer of a bot; answers the id of the message. */
  reply(botId: number, gateway: Started, text: string): Promise<number>;
  /** Resolves when every update was confirmed by whoever polls. */
  allConfirmed(expect: ExpectStatic): Promise<void>;
};

const CUSTOMERS = 8;

function tokenOf(n: number): string {
  return `${810_000_000 + n}:${'t'.repeat(35)}`;
}

/** Sets it up through the API of one gateway. */
export async function openOffice(gateway: Started, api: BotApi, botCount: number): Promise<Office> {
  const bots: Office['bots'] = [];
  const ann = { name: 'Ann', max_load: 1000 };
  const { id: operatorId } = await mustCall(gateway, 'POST', '/operators', { body: ann });
  for (let n = 0; n < botCount; n++) {
    const token = tokenOf(n);
    api.addBot({ token, username: `bot_${n}_bot` });
    const source = { name: `Bot ${n}`, code: `bot-${n}`, kind: 'telegram', telegram: { token } };
    const { id } = await mustCall(gateway, 'POST', '/sources', { body: source });
    const weight = { source_id: id, weight: 1 };
    await mustCall(gateway, 'POST', `/operators/${String(operatorId)}/weights`, { body: weight });
    bots.push({ id: Number(id), token });
  }
  const wish = { name: 'Ann', operator_id: operatorId };
  const { token: annToken } = await mustCall(gateway, 'POST', '/tokens', { body: wish });
  const customers = bots.flatMap(({ id, token }) =>
    Array.from({ length: CUSTOMERS }, (_, n) => ({
      bot: id,
      customer: api.customer(token, { id: 5_000_000_000 + n }),
    })),
  );
  const written = new Map<number, string[]>(bots.map(({ id }) => [id, []]));
  const replied: Office['replied'] = [];
  let rounds = 0;

  async function replyAnywhere(gateways: readonly Started[], contactId: number): Promise<void> {
    const text = `reply ${replied.length} to ${contactId}`;
    const body = { text, client_id: text };
    for (const one of gateways) {
      const answer = await call(one, 'POST', `/contacts/${contactId}/messages`, {
        body,
        token: String(annToken),
      }).catch(() => null);
      if (answer?.status !== 201 && answer?.status !== 200) continue;
      replied.push({ messageId: Number(answer.body['id']), text });
      return;
    }
  }

  return {
    bots,
    written,
    replied,
    async round(gateways) {
      rounds += 1;
      for (const { bot, customer } of customers) {
        const { message_id: id } = customer.writes(`round ${rounds}`);
        written.get(bot)!.push(`${customer.chatId}:${id}`);
      }
      const living = gateways.filter(({ child }) => child.exitCode === null && child.signalCode === null);
      const list = await call(living[0]!, 'GET', '/contacts?status=assigned&limit=200').catch(() => null);
      const contacts = (list?.body['items'] ?? []) as { id: number }[];
      // One each time, in turn: a chat takes no more than a message a second.
      if (contacts.length > 0) await replyAnywhere(living, contacts[rounds % contacts.length]!.id);
    },
    async reply(botId, asked, text) {
      const list = await mustCall(asked, 'GET', `/contacts?status=assigned&source_id=${botId}`);
      const [contact] = list['items'] as { id: number }[];
      const body = { text, client_id: text };
      const path = `/contacts/${contact!.id}/messages`;
      const message = await mustCall(asked, 'POST', path, { body, token: String(annToken) });
      return Number(message['id']);
    },
    async allConfirmed(expect) {
      // There is no event for a confirmation.
      const left = (): number => bots.reduce((sum, { token }) => sum + api.pendingUpdates(token).length, 0);
      await expect.poll(left, { timeout: 60_000 }).toBe(0);
    },
  };
}

/** The ids of a source's stored messages of leads, as they were committed. */
export async function storedOf(databaseUrl: string, sourceId: number): Promise<string[]> {
  await using db = await connect(databaseUrl);
  const { rows } = await db.query<{ external_id: string }>(
    `select external_id from message where source_id = $1 and author = 'lead' order by id`,
    [sourceId],
  );
  return rows.map((row) => row.external_id);
}

/** How the messages stand, by id. */
export async function statusesOf(databaseUrl: string, ids: readonly number[]): Promise<Map<number, string>> {
  await using db = await connect(databaseUrl);
  const { rows } = await db.query<{ id: string; status: string }>(
    'select id, status from message where id = any($1::bigint[])',
    [ids],
  );
  return new Map(rows.map(({ id, status }) => [Number(id), status]));
}
