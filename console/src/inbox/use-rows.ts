import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Contact, ContactStatus } from '../../../src/contract/contact.ts';
import { listContacts, type ContactFilter } from '../api/calls.ts';
import type { View } from '../state/desk.ts';
import { deskStore, useDesk } from '../state/desk-store.ts';
import { contactsOf, sortContacts } from '../state/views.ts';
import type { Place } from './place.ts';

export type Rows = {
  contacts: Contact[];
  isLoading: boolean;
  error: Error | null;
  retry: () => void;
  /** Asks for more; does nothing when all are there. */
  more: () => void;
};

const FOUND_PAGE = 50;

/** What the list shows: the live view, the closed contacts, or what was searched for. */
export function useRows(place: Place): Rows {
  const { q, closed } = place.search;
  const isAsked = q !== undefined || (closed === '1' && place.view !== 'queue');
  const live = useLiveRows(place, !isAsked);
  const asked = useAskedRows(place, isAsked);
  return isAsked ? asked : live;
}

function useLiveRows({ view, search }: Place, isOn: boolean): Rows {
  const contacts = useDesk((desk) => desk.contacts);
  const me = useDesk((desk) => desk.me?.id ?? null);
  const isLoading = useDesk((desk) => desk.cursor === null);
  const total = useDesk((desk) => desk.counts[view]);
  const sort = search.sort ?? 'active';
  const rows = useMemo(() => sortContacts(contactsOf(view, contacts, me), sort), [view, contacts, me, sort]);
  // The longest waiting one may be anywhere, so that order needs them all.
  const more = useBackfill(view, isOn && !isLoading && rows.length < total, sort === 'waiting');
  return { contacts: rows, isLoading, error: null, retry: more, more };
}

type Step = { status: ContactStatus; cursor: string | null };

const steps: Record<View, ContactStatus[]> = {
  mine: ['assigned'],
  queue: ['waiting'],
  all: ['waiting', 'assigned'],
};

/** The snapshot holds the newest 200 of a view; this reads the rest into the desk, page by page. */
function useBackfill(view: View, isShort: boolean, isEager: boolean): () => void {
  const epoch = useDesk((desk) => desk.epoch);
  const me = useDesk((desk) => desk.me?.id ?? null);
  const statuses = steps[view];
  const first: Step = { status: statuses[0] ?? 'waiting', cursor: null };
  const query = useInfiniteQuery({
    queryKey: ['contacts', 'backfill', view, epoch],
    initialPageParam: first,
    queryFn: async ({ pageParam, signal }) => {
      const filter: ContactFilter = { status: pageParam.status };
      if (view === 'mine' && me !== null) filter.operator_id = me;
      const page = await listContacts(filter, pageParam.cursor, signal);
      deskStore.dispatch({ type: 'contacts', items: page.items });
      return page.next_cursor;
    },
    getNextPageParam: (cursor, _, step): Step | undefined => {
      if (cursor !== null) return { status: step.status, cursor };
      const next = statuses[statuses.indexOf(step.status) + 1];
      return next === undefined ? undefined : { status: next, cursor: null };
    },
    enabled: isShort,
    staleTime: Infinity,
    maxPages: 0,
  });
  const more = () => {
    if (isShort && query.hasNextPage && !query.isFetching) void query.fetchNextPage();
  };
  if (isEager && isShort && query.hasNextPage && !query.isFetching && query.error === null)
    queueMicrotask(more);
  return more;
}

function filterOf({ view, search }: Place, me: ContactFilter['operator_id']): ContactFilter {
  const filter: ContactFilter = {};
  if (search.q !== undefined) filter.q = search.q;
  if (view === 'mine') filter.operator_id = me;
  if (view === 'queue') filter.status = 'waiting';
  else if (search.closed === '1') filter.status = 'closed';
  return filter;
}

function useAskedRows(place: Place, isOn: boolean): Rows {
  const me = useDesk((desk) => desk.me?.id);
  const held = useDesk((desk) => desk.contacts);
  const filter = filterOf(place, me);
  const query = useInfiniteQuery({
    queryKey: ['contacts', 'asked', filter],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const page = await listContacts(filter, pageParam, signal, FOUND_PAGE);
      deskStore.dispatch({ type: 'contacts', items: page.items });
      return page;
    },
    getNextPageParam: (page) => page.next_cursor,
    enabled: isOn && (place.view !== 'mine' || me !== undefined),
    staleTime: 5_000,
  });
  const found = query.data?.pages.flatMap((page) => page.items) ?? [];
  return {
    // What was found is shown as it is now, not as it was when it was found.
    contacts: found.map((contact) => held.get(contact.id) ?? contact),
    isLoading: query.isPending && query.fetchStatus !== 'idle',
    error: query.error,
    retry: () => void query.refetch(),
    more: () => {
      if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
    },
  };
}
