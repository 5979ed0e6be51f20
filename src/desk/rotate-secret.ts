import type { RotatedSecret, SecretRotate } from '../contract/source.ts';
import { Problem } from '../problem.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { bumpConfiguration, recordSource } from './configuration.ts';
import type { Desk } from './desk.ts';
import { findSource } from './find-source.ts';
import { authorizeAny } from './policy.ts';
import { newWebhookSecret, putSecretBefore, sealSecret } from './source-secret.ts';
import { sourceView } from './views.ts';

const HOUR = 3_600_000;

/**
 * Gives a webhook source a new secret, which stands in this answer alone. The one before counts as well for so many
 * hours, 0: not any more; the one before that is gone.
 * Throws Problem('forbidden'), Problem('not-found'), or Problem('no-secret') for a source of another kind.
 */
export async function rotateSecret(
  desk: Desk,
  actor: Actor,
  ref: string,
  { overlap_hours: overlapHours }: SecretRotate,
): Promise<RotatedSecret> {
  authorizeAny(actor, 'configure');
  const secret = newWebhookSecret();
  return desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    const source = await findSource(tx.em, ref);
    if (source.kind !== 'webhook') throw new Problem('no-secret');
    const at = desk.clock.now();
    const until = overlapHours === 0 ? null : new Date(at.getTime() + overlapHours * HOUR);
    putSecretBefore(desk, source, until);
    sealSecret(desk, source, secret);
    source.updatedAt = at;
    await tx.em.flush();
    const view = sourceView(source);
    const previous_secret_until = view.webhook?.previous_secret_until ?? null;
    await audit(tx, actor, {
      at,
      action: 'source.secret-rotated',
      subject: `source:${source.id}`,
      after: { previous_secret_until },
    });
    recordSource(tx, actor, at, view);
    tx.afterCommit(() => desk.channelCache.clear());
    return { secret, secret_hint: secret.slice(-4), previous_secret_until };
  });
}
