import type { HookAccepted } from '../../contract/hook.ts';
import type { Channel } from '../../desk/channels.ts';
import type { Desk } from '../../desk/desk.ts';
import { receiveMessage } from '../../desk/receive.ts';
import { secretsAt } from '../../desk/source-secret.ts';
import { Problem } from '../../problem.ts';
import { authenticateHook } from './authenticate.ts';
import { readHookBody } from './body.ts';
import { normaliseHook } from './normalise.ts';

export type HookRequest = { headers: Headers; rawBody: Uint8Array; contentType: string | null };

/**
 * Takes a message of a webhook source and resolves when it is committed; `admit` throws when it came too often. Raises `Problem` `not-found` (no such
 * webhook source), `unauthorized`, `bad-json`, `bad-form`, `unsupported-media-type`, `invalid`, and what
 * `receiveMessage` raises.
 */
export async function receiveHook(
  desk: Desk,
  channel: Channel | null,
  { headers, rawBody, contentType }: HookRequest,
  admit: (channel: Channel) => Promise<void>,
): Promise<HookAccepted> {
  if (channel?.webhook == null) throw new Problem('not-found');
  const { auth, secrets } = channel.webhook;
  const now = desk.clock.now();
  authenticateHook({ auth, secrets: secretsAt(secrets, now) }, headers, rawBody, now);
  await admit(channel);
  const body = await readHookBody(contentType, rawBody);
  const receipt = await receiveMessage(desk, normaliseHook(channel, body, { headers, rawBody }));
  return {
    message_id: receipt.messageId,
    contact_id: receipt.contactId,
    lead_id: receipt.leadId,
    duplicate: receipt.duplicate,
    ...(receipt.deadLetterId !== undefined && { dead_letter_id: receipt.deadLetterId }),
  };
}
