import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { ContactId } from '../../../src/contract/ids.ts';
import type { InboxSearch } from '../routes.tsx';
import type { View } from '../state/desk.ts';

const route = getRouteApi('/inbox/$view/{-$id}');

/** Where the inbox stands: the URL, read and changed. */
export type Place = {
  view: View;
  id: ContactId | null;
  search: InboxSearch;
  open: (id: ContactId | null) => void;
  filter: (change: Partial<InboxSearch>) => void;
};

export function usePlace(): Place {
  const { view, id } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/inbox/$view/{-$id}' });
  return {
    view,
    id: id ?? null,
    search,
    open: (next) => void navigate({ params: { view, id: next ?? undefined }, search: (held) => held }),
    filter: (change) =>
      void navigate({ params: { view, id }, search: (held) => ({ ...held, ...change }), replace: true }),
  };
}
