import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Contact } from '../../../src/contract/contact.ts';
import type { ContactId } from '../../../src/contract/ids.ts';
import { getContact, listMessages } from '../api/calls.ts';
import { outboxStore } from '../api/outbox.ts';
import type { Gone, Thread } from '../state/desk.ts';
import { deskStore, useDesk } from '../state/desk-store.ts';

export type Found =
  | { kind: 'loading' }
  | { kind: 'here'; contact: Contact }
  | { kind: 'gone'; gone: Gone }
  | { kind: 'failed'; error: Error; retry: () => void };

/** The contact before our eyes, from the desk or, for a deep link, from the gateway. */
export function useContact(id: ContactId): Found {
  const contact = useDesk((desk) => desk.contacts.get(id));
  const gone = useDesk((desk) => desk.gone.get(id));
  const epoch = useDesk((desk) => desk.epoch);
  const isReady = useDesk((desk) => desk.cursor !== null);
  const asked = useQuery({
    queryKey: ['contacts', id, epoch],
    queryFn: async () => {
      const item = await getContact(id);
      deskStore.dispatch({ type: 'contacts', items: [item] });
      return item;
    },
    enabled: isReady && contact === undefined && gone === undefined,
  });
  useEffect(() => {
    deskStore.dispatch({ type: 'opened', contactId: id });
    return () => deskStore.dispatch({ type: 'opened', contactId: null });
  }, [id]);

  if (contact !== undefined) return { kind: 'here', contact };
  if (gone !== undefined) return { kind: 'gone', gone };
  if (asked.error !== null) return { kind: 'failed', error: asked.error, retry: () => void asked.refetch() };
  return { kind: 'loading' };
}

// Outlives the component: React mounts it twice in development, and a thread may be left and opened again.
const inFlight = new Set<ContactId>();

async function loadPage(id: ContactId): Promise<void> {
  if (inFlight.has(id)) return;
  inFlight.add(id);
  try {
    deskStore.dispatch({ type: 'thread-asked', contactId: id });
    const thread = deskStore.get().threads.get(id);
    const before = thread?.isLoaded === true ? (thread.messages[0]?.id ?? null) : null;
    const page = await listMessages(id, before);
    deskStore.dispatch({
      type: 'messages',
      contactId: id,
      items: page.items,
      hasOlder: page.next_cursor !== null,
    });
    outboxStore.dispatch({ type: 'kept', messages: page.items });
  } finally {
    inFlight.delete(id);
  }
}

/** The messages of a contact; the newest page is loaded at once, older ones by `loadOlder`. */
export function useThread(id: ContactId) {
  const thread: Thread | undefined = useDesk((desk) => desk.threads.get(id));
  const [error, setError] = useState<unknown>(null);
  const isLoaded = thread?.isLoaded === true;

  function load() {
    setError(null);
    loadPage(id).catch(setError);
  }
  useEffect(() => {
    if (!isLoaded) load();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- load changes with every render, what it does does not
  }, [id, isLoaded]);

  return { thread, isLoaded, error, retry: load, loadOlder: load };
}
