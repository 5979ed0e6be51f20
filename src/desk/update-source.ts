import type { Source as SourceWire, SourceUpdate } from '../contract/source.ts';
import { invalid } from '../problem.ts';
import type { Source } from '../store/entities/source.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { keepSource } from './config-parts.ts';
import { bumpConfiguration, forgetPicks, moveQueues, recordSource } from './configuration.ts';
import type { Desk } from './desk.ts';
import { checkBotToken, checkCode, findSource } from './find-source.ts';
import { authorizeAny } from './policy.ts';
import { setBotAside } from './set-bot-aside.ts';
import { type BotInfo, sealSecret } from './source-secret.ts';
import { sourceView } from './views.ts';

/**
 * Changes a source by id or code; bots and queues follow at once. A new bot token forgets who the bot was, unless
 * `bot` says who it is now. Throws Problem('forbidden'), Problem('not-found'), Problem('code-taken'),
 * Problem('token-in-use'), or Problem('invalid') for settings of another kind of source.
 */
// oxlint-disable-next-line max-params -- what Telegram says of a token belongs to neither the address nor the wish
export async function updateSource(
  desk: Desk,
  actor: Actor,
  ref: string,
  input: SourceUpdate,
  bot: BotInfo | null = null,
): Promise<SourceWire> {
  authorizeAny(actor, 'configure');
  const view = await desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    return changeSource(desk, tx, actor, { ref, input, bot });
  });
  await moveQueues(desk, { sources: [view.id] });
  return view;
}

/** The same within a change of the configuration; the caller lets the queue move. */
export async function changeSource(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  { ref, input, bot }: { ref: string; input: SourceUpdate; bot: BotInfo | null },
): Promise<SourceWire> {
  const source = await findSource(tx.em, ref);
  checkKind(source, input);
  if (input.code !== undefined) await checkCode(tx.em, input.code, source.id);
  if (input.strategy !== undefined && input.strategy !== source.strategy) await forgetPicks(tx, source.id);
  applyCommon(source, input);
  const isOtherToken =
    input.telegram !== undefined && (await applyTelegram(desk, tx, source, input.telegram));
  if (input.webhook !== undefined) applyWebhook(source, input.webhook);
  if (bot !== null && source.kind === 'telegram') source.botInfo = bot;
  source.updatedAt = desk.clock.now();
  await tx.em.flush();
  const changed = sourceView(source);
  if (isOtherToken) {
    const subject = `source:${source.id}`;
    await audit(tx, actor, { at: source.updatedAt, action: 'source.token-changed', subject });
  }
  await keepSource(tx, actor, source.updatedAt, source);
  recordSource(tx, actor, source.updatedAt, changed);
  tx.afterCommit(() => desk.channelCache.clear());
  return changed;
}

function checkKind(source: Source, input: SourceUpdate): void {
  for (const kind of ['telegram', 'webhook'] as const)
    if (input[kind] !== undefined && source.kind !== kind)
      throw invalid(kind, `this source is of kind ${source.kind}`);
}

function applyCommon(source: Source, input: SourceUpdate): void {
  if (input.name !== undefined) source.name = input.name;
  if (input.code !== undefined) source.code = input.code;
  if (input.is_active !== undefined) source.isActive = input.is_active;
  if (input.strategy !== undefined) source.strategy = input.strategy;
  if (input.return_policy !== undefined) source.returnPolicy = input.return_policy.kind;
  if (input.require_presence !== undefined) source.requirePresence = input.require_presence;
  if (input.priority !== undefined) source.priority = input.priority;
  if (input.reopen_minutes !== undefined) source.reopenMinutes = input.reopen_minutes;
  if (input.offer_seconds !== undefined) source.offerSeconds = input.offer_seconds;
  if (input.on_offline !== undefined) source.onOffline = input.on_offline;
  if (input.greeting !== undefined) source.greeting = input.greeting;
  if (input.greetings !== undefined) source.greetings = input.greetings;
  if (input.queue_notice !== undefined) source.queueNotice = input.queue_notice;
  if (input.queue_notices !== undefined) source.queueNotices = input.queue_notices;
  if (input.retention_days !== undefined) source.retentionDays = input.retention_days;
}

/** Answers whether the token is another one now. */
async function applyTelegram(
  desk: Desk,
  tx: Tx,
  source: Source,
  { token, mode, api_root: apiRoot }: NonNullable<SourceUpdate['telegram']>,
): Promise<boolean> {
  if (mode !== undefined) source.telegramMode = mode;
  if (apiRoot !== undefined) source.apiRoot = apiRoot;
  if (token === undefined) return false;
  const fingerprint = desk.seal.fingerprint(token);
  if (fingerprint === source.tokenFingerprint) return false;
  await checkBotToken(tx.em, fingerprint, source.id);
  await setBotAside(desk, tx, source, token);
  source.tokenFingerprint = fingerprint;
  source.botInfo = null;
  sealSecret(desk, source, token);
  return true;
}

function applyWebhook(
  source: Source,
  { callback_url: callbackUrl, auth, mapping, rate_limit: rateLimit }: NonNullable<SourceUpdate['webhook']>,
): void {
  if (callbackUrl !== undefined) source.callbackUrl = callbackUrl;
  if (auth !== undefined) source.webhookAuth = auth;
  if (mapping !== undefined) source.mapping = mapping;
  if (rateLimit !== undefined) source.rateLimit = rateLimit;
}
