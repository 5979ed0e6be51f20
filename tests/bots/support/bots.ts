import type { SourceId } from '../../../src/contract/ids.ts';
import { SourceCreate, type Source } from '../../../src/contract/source.ts';
import { createSource } from '../../../src/desk/create-source.ts';
import type { Desk } from '../../../src/desk/desk.ts';
import type { BotApi } from '../../../src/demo/bot-api/start.ts';
import { Message } from '../../../src/store/entities/message.ts';
import type { FeedEvent } from '../../../src/store/feed.ts';
import { admin } from '../../support/desk.ts';

/** A bot token as BotFather gives it. */
export function tokenOf(number: number): string {
  return `${700_000_000 + number}:${'A'.repeat(35)}`;
}

type BotTraits = { token?: string; code?: string; mode?: 'polling' | 'webhook'; apiRoot?: string };

/** A bot that the stand-in knows, and its source. */
export async function hasBot(desk: Desk, api: BotApi, traits: BotTraits = {}): Promise<Source> {
  const { token = tokenOf(1), code = `bot-${token.slice(0, 9)}`, mode = 'polling', apiRoot } = traits;
  api.addBot({ token, username: `${code.replaceAll('-', '_')}_bot` });
  return createSource(
    desk,
    admin,
    SourceCreate.parse({
      name: code,
      code,
      kind: 'telegram',
      telegram: { token, mode, ...(apiRoot !== undefined && { api_root: apiRoot }) },
    }),
  );
}

/** The first event that matches and commits from now on. */
export function nextEvent(desk: Desk, matches: (event: FeedEvent) => boolean): Promise<FeedEvent> {
  return new Promise((resolve) => {
    const unsubscribe = desk.store.feed.subscribe((events) => {
      const event = events.find(matches);
      if (event === undefined) return;
      unsubscribe();
      resolve(event);
    });
  });
}

/** Resolves when a message with this text is committed. */
export function nextMessage(desk: Desk, text: string): Promise<FeedEvent> {
  return nextEvent(
    desk,
    ({ type, data }) => type === 'message.created' && 'text' in data && data.text === text,
  );
}

/** All messages of a source, in the order of their ids. */
export async function messagesOf(desk: Desk, sourceId: SourceId): Promise<Message[]> {
  return desk.store.em().find(Message, { sourceId }, { orderBy: { id: 'asc' } });
}
