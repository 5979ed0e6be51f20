import type { CreatedSource, SourceCreate } from '../contract/source.ts';
import { Source } from '../store/entities/source.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { keepSource } from './config-parts.ts';
import { bumpConfiguration, recordSource } from './configuration.ts';
import type { Desk } from './desk.ts';
import { checkBotToken, checkCode } from './find-source.ts';
import { authorizeAny } from './policy.ts';
import { type BotInfo, newWebhookSecret, sealSecret } from './source-secret.ts';
import { sourceView } from './views.ts';

/**
 * Adds a source. The secret of a webhook source stands in this answer alone. `bot` is what Telegram says of the token,
 * where that was asked. Throws Problem('forbidden'), Problem('code-taken') or Problem('token-in-use').
 */
export async function createSource(
  desk: Desk,
  actor: Actor,
  input: SourceCreate,
  bot: BotInfo | null = null,
): Promise<CreatedSource> {
  authorizeAny(actor, 'configure');
  return desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    return addSource(desk, tx, actor, { input, bot });
  });
}

/** The same within a change of the configuration. */
export async function addSource(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  { input, bot }: { input: SourceCreate; bot: BotInfo | null },
): Promise<CreatedSource> {
  const secret = input.telegram?.token ?? (input.kind === 'webhook' ? newWebhookSecret() : null);
  await checkCode(tx.em, input.code, null);
  const source = await insertSource(desk, tx, input, bot);
  if (secret !== null) sealSecret(desk, source, secret);
  await tx.em.flush();
  const view = sourceView(source);
  await keepSource(tx, actor, source.createdAt, source);
  recordSource(tx, actor, source.createdAt, view);
  tx.afterCommit(() => desk.channelCache.clear());
  const { webhook, ...others } = view;
  return webhook === undefined || secret === null ? others : { ...others, webhook: { ...webhook, secret } };
}

async function insertSource(desk: Desk, tx: Tx, input: SourceCreate, bot: BotInfo | null): Promise<Source> {
  const { telegram, webhook } = input;
  const tokenFingerprint = telegram === undefined ? null : desk.seal.fingerprint(telegram.token);
  if (tokenFingerprint !== null) await checkBotToken(tx.em, tokenFingerprint, null);
  const at = desk.clock.now();
  const source = tx.em.create(Source, {
    name: input.name,
    code: input.code,
    kind: input.kind,
    isActive: input.is_active,
    strategy: input.strategy,
    returnPolicy: input.return_policy.kind,
    requirePresence: input.require_presence,
    priority: input.priority,
    reopenMinutes: input.reopen_minutes,
    offerSeconds: input.offer_seconds,
    onOffline: input.on_offline,
    greeting: input.greeting ?? null,
    greetings: input.greetings ?? null,
    queueNotice: input.queue_notice ?? null,
    queueNotices: input.queue_notices ?? null,
    retentionDays: input.retention_days ?? null,
    tokenFingerprint,
    telegramMode: telegram?.mode ?? null,
    apiRoot: telegram?.api_root ?? null,
    botInfo: telegram === undefined ? null : bot,
    webhookAuth: input.kind === 'webhook' ? (webhook?.auth ?? 'bearer') : null,
    callbackUrl: webhook?.callback_url ?? null,
    mapping: input.kind === 'webhook' ? (webhook?.mapping ?? {}) : null,
    rateLimit: webhook?.rate_limit ?? null,
    createdAt: at,
    updatedAt: at,
  });
  // The secret is sealed for the row's id, so the row comes first.
  await tx.em.flush();
  return source;
}
