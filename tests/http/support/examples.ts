import type { OpenedContact } from '../../../src/contract/contact.ts';
import type { Operator } from '../../../src/contract/operator.ts';
import type { CreatedSource } from '../../../src/contract/source.ts';
import {
  type Client,
  holderOf,
  madeContact,
  madeOperator,
  madeSource,
  startTestApp,
  type TestApp,
} from '../../support/http.ts';
import { type BotApi, startBotApi } from '../../../src/demo/bot-api/start.ts';
import type { Database } from '../../support/desk.ts';

export const METRICS_TOKEN = 'scraper';
export const BOT_TOKEN = '123456:AAExampleExampleExampleExample';

/** A gateway with one of everything. */
export type Stage = AsyncDisposable & {
  app: TestApp;
  botApi: BotApi;
  /** Holds every contact of `source`. */
  operator: Operator;
  asOperator: Client;
  /** Sees nothing of `source`. */
  stranger: Operator;
  asStranger: Client;
  /** An admin who is an operator as well, of no source. */
  asAdmin: Client;
  asSupervisor: Client;
  asIngest: Client;
  source: CreatedSource;
  hook: CreatedSource;
  bot: CreatedSource;
  contact: OpenedContact;
};

/** Builds the stage. */
export async function setStage(database: Database): Promise<Stage> {
  await using opening = new AsyncDisposableStack();
  const botApi = opening.use(await startBotApi());
  botApi.addBot({ token: BOT_TOKEN, username: 'shop_bot' });
  const app = opening.use(
    await startTestApp(database, { telegramApiRoot: botApi.url, metricsToken: METRICS_TOKEN }),
  );
  const operator = await madeOperator(app);
  const stranger = await madeOperator(app);
  const source = await madeSource(app, { code: 'site' }, { [operator.id]: 1 });
  const hook = await madeSource(app, { code: 'shop', kind: 'webhook' });
  const bot = await madeSource(app, { code: 'bot', kind: 'telegram', telegram: { token: BOT_TOKEN } });
  const contact = await madeContact(app, source.id);
  const chief = await madeOperator(app, { role: 'admin', email: 'chief@example.com' });
  const supervisor = await madeOperator(app, { role: 'supervisor' });
  const stage = {
    app,
    botApi,
    operator,
    stranger,
    source,
    hook,
    bot,
    contact,
    asOperator: await holderOf(app, { operator_id: operator.id }),
    asStranger: await holderOf(app, { operator_id: stranger.id }),
    asAdmin: await holderOf(app, { operator_id: chief.id }),
    asSupervisor: await holderOf(app, { operator_id: supervisor.id }),
    asIngest: await holderOf(app, { scope: 'ingest' }),
  };
  const opened = opening.move();
  return { ...stage, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** A request that says a known thing where ids are given; `{…}` in the path is filled from the stage. */
export type Example = { method: string; path: string; body?: unknown };

/** Every route below `/api/v1` that wants a credential, with a body that is good in itself. */
export const examples: readonly Example[] = [
  { method: 'GET', path: '/session' },
  { method: 'DELETE', path: '/session' },
  {
    method: 'PUT',
    path: '/session/password',
    body: { current_password: 'wrong', new_password: 'quiet harbour lantern' },
  },
  { method: 'GET', path: '/sessions' },
  { method: 'DELETE', path: '/sessions' },
  { method: 'DELETE', path: '/sessions/{session}' },
  { method: 'POST', path: '/tokens', body: { name: 'robot' } },
  { method: 'GET', path: '/tokens' },
  { method: 'DELETE', path: '/tokens/{token}' },
  { method: 'POST', path: '/operators', body: { name: 'Ann' } },
  { method: 'GET', path: '/operators' },
  { method: 'GET', path: '/operators/{operator}' },
  { method: 'PATCH', path: '/operators/{operator}', body: { name: 'Ann' } },
  { method: 'PUT', path: '/operators/{operator}', body: { name: 'Ann' } },
  { method: 'DELETE', path: '/operators/{operator}' },
  { method: 'POST', path: '/operators/{operator}/weights', body: { source_id: 1, weight: 1 } },
  { method: 'GET', path: '/operators/{operator}/load' },
  { method: 'POST', path: '/operators/{operator}/invite' },
  { method: 'POST', path: '/operators/{operator}/hand-over', body: { dry_run: true } },
  { method: 'POST', path: '/sources', body: { name: 'Shop', code: 'another' } },
  { method: 'GET', path: '/sources' },
  { method: 'GET', path: '/sources/{source}' },
  { method: 'PATCH', path: '/sources/{source}', body: { name: 'Site' } },
  { method: 'DELETE', path: '/sources/{source}' },
  { method: 'POST', path: '/sources/{hook}/secret', body: { overlap_hours: 1 } },
  { method: 'GET', path: '/sources/{source}/health' },
  { method: 'PUT', path: '/sources/{source}/operators', body: { operator_weights: [] } },
  { method: 'POST', path: '/sources/{source}/operators', body: { operator_weights: [] } },
  { method: 'PATCH', path: '/sources/{source}/operators', body: { operator_weights: [] } },
  { method: 'GET', path: '/sources/{source}/operators' },
  { method: 'DELETE', path: '/sources/{source}/operators/{operator}' },
  { method: 'POST', path: '/contacts', body: { external_id: 'ann', source_code: 'site' } },
  { method: 'GET', path: '/contacts' },
  { method: 'GET', path: '/contacts/{contact}' },
  { method: 'PUT', path: '/contacts/{contact}/close', body: {} },
  { method: 'POST', path: '/contacts/{contact}/close', body: {} },
  { method: 'POST', path: '/contacts/{contact}/reopen', body: {} },
  { method: 'POST', path: '/contacts/{contact}/assign', body: { operator_id: 1 } },
  { method: 'POST', path: '/contacts/{contact}/take', body: {} },
  { method: 'POST', path: '/contacts/{contact}/release', body: {} },
  { method: 'POST', path: '/contacts/{contact}/accept', body: {} },
  { method: 'POST', path: '/contacts/{contact}/decline', body: {} },
  { method: 'GET', path: '/contacts/{contact}/decisions' },
  { method: 'GET', path: '/contacts/{contact}/events' },
  { method: 'GET', path: '/contacts/{contact}/messages' },
  { method: 'POST', path: '/contacts/{contact}/messages', body: { text: 'hi', kind: 'note' } },
  { method: 'POST', path: '/messages/{message}/retry', body: {} },
  { method: 'GET', path: '/leads' },
  { method: 'GET', path: '/leads/{lead}' },
  { method: 'PATCH', path: '/leads/{lead}', body: { name: 'Ann' } },
  { method: 'POST', path: '/leads/{lead}/merge', body: { into: 1 } },
  { method: 'GET', path: '/leads/{lead}/export' },
  { method: 'DELETE', path: '/leads/{lead}' },
  { method: 'GET', path: '/stats/operators-load' },
  { method: 'GET', path: '/stats/distribution' },
  { method: 'GET', path: '/stats/queue' },
  { method: 'GET', path: '/stats/summary' },
  { method: 'GET', path: '/stats/invariants' },
  { method: 'POST', path: '/stats/invariants/repair' },
  { method: 'POST', path: '/routing/simulate', body: { seed: 1 } },
  { method: 'GET', path: '/audit' },
  { method: 'GET', path: '/audit.csv' },
];

/** The path with this in the place of every id. */
export function filled(path: string, id: string | number): string {
  return path.replaceAll(/\{\w+\}/g, String(id));
}
