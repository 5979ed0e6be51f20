import { describe, expect, test } from 'vitest';
import { startBotApi } from '../../src/demo/bot-api/start.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { databases, freshDatabase, loadsOf, openTestDesk } from '../support/desk.ts';
import { type Started, startGateway } from '../support/gateway.ts';
import { mustCall, settingsOf } from '../gateways/support/gateways.ts';
import { Driver } from './driver.ts';

const KILLS = 10;
const CONNECTIONS = 64;
const BOT_TOKEN = '4242:chaos_chaos_chaos_chaos_chaos';

function post(gateway: Started, path: string, body: unknown): Promise<Record<string, unknown>> {
  return mustCall(gateway, 'POST', path, { body });
}

/** A webhook source, a polled bot, and operators whose caps the traffic exceeds by far. */
async function furnish(gateway: Started): Promise<{ secret: string }> {
  const hook = await post(gateway, '/sources', { name: 'CRM', code: 'crm', kind: 'webhook' });
  const bot = await post(gateway, '/sources', {
    name: 'Bot',
    code: 'bot',
    kind: 'telegram',
    telegram: { token: BOT_TOKEN },
  });
  for (let n = 1; n <= 5; n++) {
    const { id } = await post(gateway, '/operators', { name: `Operator ${n}`, max_load: 20 });
    for (const source of [hook, bot])
      await post(gateway, `/operators/${String(id)}/weights`, { source_id: source['id'], weight: n });
  }
  return { secret: (hook['webhook'] as { secret: string }).secret };
}

async function idsStored(desk: Desk, code: string): Promise<string[]> {
  const rows: { external_id: string }[] = await desk.store
    .em()
    .execute(
      'select m.external_id from message m join source s on s.id = m.source_id where s.code = ? order by m.id',
      [code],
    );
  return rows.map((row) => row.external_id);
}

describe.each(databases)('on %s', (database) => {
  test(
    'ten kills under load lose nothing that was acknowledged and do nothing twice',
    { timeout: 240_000 },
    async () => {
      await using fresh = await freshDatabase(database);
      await using api = await startBotApi();
      api.addBot({ token: BOT_TOKEN, username: 'chaos_bot' });
      const env = { ...settingsOf(fresh, api), LOG_LEVEL: 'silent' };
      let gateway = await startGateway(env);
      const driver = new Driver({ connections: CONNECTIONS, ...(await furnish(gateway)) });
      const customers = Array.from({ length: 20 }, (_, n) =>
        api.customer(BOT_TOKEN, { id: 9_000_000_000 + n }),
      );
      const written: string[] = [];
      const write = (): void => {
        for (const customer of customers) {
          const { message_id } = customer.writes(`to the bot, ${written.length}`);
          written.push(`${customer.chatId}:${message_id}`);
        }
      };

      driver.start(gateway.url);
      for (let kill = 0; kill < KILLS; kill++) {
        write();
        await driver.moreAcks(100 + 70 * kill);
        write();
        expect(driver.inFlight).toBeGreaterThanOrEqual(32);
        driver.pause();
        await gateway.kill();
        gateway = await startGateway(env);
        driver.continueAt(gateway.url);
      }
      await driver.finish();
      // Asking behind the last update confirms them all. The stand-in numbers them from 1.
      await api.waitForCall(
        ({ method, params }) => method === 'getUpdates' && Number(params['offset']) > written.length,
      );
      await gateway[Symbol.asyncDispose]();

      await using desk = await openTestDesk(database, { url: fresh.url });
      const hooks = await idsStored(desk, 'crm');
      expect(new Set(hooks).size).toBe(hooks.length);
      expect(driver.acked.difference(new Set(hooks))).toEqual(new Set());
      const polled = await idsStored(desk, 'bot');
      expect(polled.toSorted()).toEqual(written.toSorted());
      for (const { chatId } of customers) {
        const inOrder = (ids: string[]): string[] => ids.filter((id) => id.startsWith(`${chatId}:`));
        expect(inOrder(polled)).toEqual(inOrder(written));
      }
      for (const { load, counted, maxLoad } of await loadsOf(desk)) {
        expect(load).toBe(counted);
        expect(load).toBeLessThanOrEqual(maxLoad);
      }
    },
  );
});
