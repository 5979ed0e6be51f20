import { z } from 'zod';
import type { ContactId } from '../../../src/contract/ids.ts';
import type { MessageKind } from './outbox.ts';
import { readStored, writeStored } from './storage.ts';
import { createStore, useStore } from './store.ts';

export type Draft = { kind: MessageKind; text: string };

const StoredDrafts = z.record(
  z.string(),
  z.object({ kind: z.enum(['reply', 'note']), text: z.string().max(100_000) }),
);
type Drafts = z.infer<typeof StoredDrafts>;

const emptyDraft: Draft = { kind: 'reply', text: '' };

function readDrafts(): Drafts {
  try {
    return StoredDrafts.parse(JSON.parse(readStored('drafts') ?? '{}'));
  } catch {
    return {};
  }
}

/** What was typed and not sent, per contact; it outlives a reload. */
const draftStore = createStore<Drafts, { id: ContactId; draft: Draft }>((drafts, { id, draft }) => {
  const next: Drafts = { ...drafts, [id]: draft };
  if (draft.text === '' && draft.kind === 'reply') delete next[String(id)];
  return next;
}, readDrafts());

draftStore.subscribe(() => writeStored('drafts', JSON.stringify(draftStore.get())));

export function useDraft(id: ContactId): [Draft, (draft: Draft) => void] {
  const draft = useStore(draftStore, (drafts) => drafts[String(id)] ?? emptyDraft);
  return [draft, (next) => draftStore.dispatch({ id, draft: next })];
}

export function useDraftText(id: ContactId): string {
  return useStore(draftStore, (drafts) => drafts[String(id)]?.text.trim() ?? '');
}
