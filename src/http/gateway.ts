import type { HookAccepted } from '../contract/hook.ts';
import type { SourceId } from '../contract/ids.ts';
import type { SourceHealth } from '../contract/source.ts';
import type { Authenticate } from '../desk/authenticate.ts';
import type { Channel } from '../desk/channels.ts';
import type { Desk } from '../desk/desk.ts';
import type { BotInfo } from '../desk/source-secret.ts';

import type { Client } from './client.ts';
import type { Limits } from './limits.ts';

export type HookRequest = { headers: Headers; rawBody: Uint8Array; contentType: string | null };

/** What the routes need beside the desk; the other sides are handed in, `http/` does not know them. */
export type Gateway = {
  desk: Desk;
  authenticate: Authenticate;
  client: Client;
  limits: Limits;
  /** The start of links to the console: `publicUrl`, else where the gateway listens. No request has a say in it. */
  address(): string;
  bots: {
    receiveHook(channel: Channel | null, request: HookRequest): Promise<HookAccepted>;
    receiveUpdate(channel: Channel, update: unknown): Promise<void>;
    health(id: SourceId): Promise<SourceHealth>;
    /** Whose token this is; null when Telegram cannot be asked now. Throws Problem('invalid'). */
    checkToken(bot: { token: string; apiRoot: string | null }): Promise<BotInfo | null>;
    /** Why Telegram could not post updates to this gateway, null when it could. */
    webhookFault(apiRoot: string | null): string | null;
  };
  /** Why nothing may be sent to this address, null when nothing speaks against it. */
  addressFault(url: string): string | null;
  /** Whether the database cannot answer now, so that the same request may succeed later. */
  isUnavailable(error: unknown): boolean;
  isDraining(): boolean;
  metrics: {
    answered(method: string, route: string, status: number): void;
    render(): Promise<string>;
    contentType: string;
  };
  metricsToken: string | null;
  /** The folder of the built console. */
  consoleFolder: string;
  /** Whether all this is a demonstration: the console says so. */
  demo: boolean;
};
