import type { SourceCreate, SourceUpdate } from '../contract/source.ts';
import type { Actor } from '../desk/actor.ts';
import type { Channel } from '../desk/channels.ts';
import { authorizeAny } from '../desk/policy.ts';
import type { BotInfo } from '../desk/source-secret.ts';
import { invalid } from '../problem.ts';
import type { Gateway } from './gateway.ts';

/**
 * Checks what only the world outside can tell about a source's settings, before anything is written, and says whose
 * bot token it is; `present` is the source that is to change. Throws Problem('forbidden') before anybody is asked, Problem('invalid') at the field.
 */
export async function checkSettings(
  { bots, addressFault }: Gateway,
  actor: Actor,
  { telegram, webhook }: SourceCreate | SourceUpdate,
  present: Channel | null = null,
): Promise<BotInfo | null> {
  authorizeAny(actor, 'configure');
  checkAddress('webhook.callback_url', webhook?.callback_url, addressFault);
  checkAddress('telegram.api_root', telegram?.api_root, addressFault);
  // What a change does not name stays: a token is shown to no other server than its own.
  const apiRoot = telegram?.api_root === undefined ? (present?.telegram?.apiRoot ?? null) : telegram.api_root;
  const fault = telegram?.mode === 'webhook' ? bots.webhookFault(apiRoot) : null;
  if (fault !== null) throw invalid('telegram.mode', fault);
  if (telegram?.token === undefined) return null;
  return bots.checkToken({ token: telegram.token, apiRoot });
}

function checkAddress(path: string, url: string | null | undefined, faultOf: Gateway['addressFault']): void {
  const fault = url == null ? null : faultOf(url);
  if (fault !== null) throw invalid(path, fault);
}
