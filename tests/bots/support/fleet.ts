import type { SourceId } from '../../../src/contract/ids.ts';
import type { SourceUpdate } from '../../../src/contract/source.ts';
import { type Fleet, type FleetOptions, startFleet } from '../../../src/bots/fleet.ts';
import { holdsAll } from './holdings.ts';
import type { Desk } from '../../../src/desk/desk.ts';
import { updateSource } from '../../../src/desk/update-source.ts';
import type { BotApi } from '../../../src/demo/bot-api/start.ts';
import { admin } from '../../support/desk.ts';
import { openLogJournal } from './log-journal.ts';

/** A fleet beside the stand-in that serves every source, whose changes of state can be awaited. */
export async function launch(desk: Desk, api: { url: string }, more: Partial<FleetOptions> = {}) {
  const { log, lines } = openLogJournal();
  const holdings = more.holdings ?? (await holdsAll(desk));
  const fleet = await startFleet({
    desk,
    feed: desk.store.feed,
    holdings,
    log,
    apiRoot: api.url,
    allow: [],
    publicUrl: null,
    backoff: () => 5,
    ...more,
  });
  return {
    ...fleet,
    async [Symbol.asyncDispose]() {
      await fleet[Symbol.asyncDispose]();
      await holdings[Symbol.asyncDispose]();
    },
    becomes: (source: SourceId, state: string) =>
      lines.first((line) => line.source === source && line.state === state),
  } satisfies Fleet & Record<string, unknown>;
}

/** Resolves when the bot asks for updates. */
export function isPolled(api: BotApi, by: string) {
  return api.waitForCall(({ method, token: called }) => method === 'getUpdates' && called === by);
}

export function change(desk: Desk, id: SourceId, input: SourceUpdate) {
  return updateSource(desk, admin, String(id), input);
}
