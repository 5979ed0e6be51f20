import { telegramWebhookSecret } from '../../../src/desk/source-secret.ts';
import type { Answer } from '../../support/http.ts';
import { BOT_TOKEN, type Stage } from './examples.ts';
import { openOutcomes } from './outcomes.ts';

/** Knocks at the doors of channels in every way; answers what did not come out as expected. */
export async function knockAtDoors(stage: Stage): Promise<readonly string[]> {
  const { expects, surprises } = openOutcomes();
  const { app } = stage;
  const hook = app.as(stage.hook.webhook!.secret);
  const body = { external_id: 'ann', text: 'hello', id: 'm-1' };
  const form = new URLSearchParams({ external_id: 'bob', text: 'hello' });
  const json = { 'content-type': 'application/json' };
  const long = 'x'.repeat(1_048_577);
  await expects(202, hook('POST', '//hooks/shop', { body }), 'hook');
  await expects(202, hook('POST', '//hooks/shop', { raw: form }), 'form');
  await expects(400, hook('POST', '//hooks/shop', { raw: '{', headers: json }), 'not JSON');
  await expects(401, app.as('wrong')('POST', '//hooks/shop', { body }), 'wrong secret');
  await expects(404, hook('POST', '//hooks/nowhere', { body }), 'unknown');
  await expects(404, hook('POST', '//hooks/site', { body }), 'not a webhook');
  await expects(404, hook('POST', '//hooks/%00', { body }), 'no code at all');
  await expects(413, hook('POST', '//hooks/shop', { raw: long }), 'long');
  await expects(
    415,
    hook('POST', '//hooks/shop', { raw: 'hello', headers: { 'content-type': 'image/png' } }),
    'type',
  );
  await expects(422, hook('POST', '//hooks/shop', { body: { text: 'who am I' } }), 'nobody');

  await expects(200, postUpdate(stage, { body: updateOf(1) }), 'update');
  for (const raw of ['null', '7', '[]', '{}']) await expects(200, postUpdate(stage, { raw }), 'no update');
  await expects(400, postUpdate(stage, { raw: '{' }), 'not JSON');
  await expects(
    401,
    postUpdate(stage, { body: updateOf(2), headers: { [SECRET]: 'wrong' } }),
    'wrong secret',
  );
  await expects(401, app.as(null)('POST', '//telegram/bot', { body: updateOf(2) }), 'no secret');
  await expects(404, postUpdate(stage, { body: updateOf(2), code: 'shop' }), 'not a bot');
  await expects(413, postUpdate(stage, { raw: long }), 'long');
  return surprises;
}

const SECRET = 'x-telegram-bot-api-secret-token';

type Posted = { body?: unknown; raw?: string; headers?: Record<string, string>; code?: string };

export function postUpdate({ app }: Stage, { body, raw, headers, code = 'bot' }: Posted): Promise<Answer> {
  const secret = telegramWebhookSecret(app.app.desk, BOT_TOKEN);
  return app.as(null)('POST', `//telegram/${code}`, { body, raw, headers: { [SECRET]: secret, ...headers } });
}

/** A private message as Telegram posts it. */
export function updateOf(id: number): object {
  const person = { id: 7, is_bot: false, first_name: 'Ann' };
  const chat = { id: 7, type: 'private', first_name: 'Ann' };
  return {
    update_id: id,
    message: { message_id: id, date: 1_790_000_000, chat, from: person, text: 'hello' },
  };
}
