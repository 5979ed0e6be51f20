import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { z } from 'zod';
import { ContactId, SourceId } from '../../src/contract/ids.ts';
import { sessionStore } from './api/session.ts';
import { bringWords } from './i18n/language.ts';
import { InboxPage } from './inbox/inbox-page.tsx';
import { AuditSearch } from './settings/audit-search.ts';
import { Crash } from './shell/crash.tsx';
import { Frame } from './shell/frame.tsx';
import { NotFound } from './shell/not-found.tsx';

const View = z.enum(['mine', 'queue', 'all']);

/** What filters the list lives in the URL. */
export const InboxSearch = z.object({
  q: z.string().min(1).optional().catch(undefined),
  sort: z.literal('waiting').optional().catch(undefined),
  closed: z.literal('1').optional().catch(undefined),
});
export type InboxSearch = z.infer<typeof InboxSearch>;

function session() {
  const state = sessionStore.get();
  return 'identity' in state ? state.identity : null;
}

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, errorComponent: Crash });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    const view = session()?.operator === null ? 'all' : 'mine';
    throw redirect({ to: '/inbox/$view/{-$id}', params: { view, id: undefined }, replace: true });
  },
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox/$view/{-$id}',
  params: {
    parse: ({ view, id }) => ({
      view: View.catch('mine').parse(view),
      id: id === undefined ? undefined : (ContactId.safeParse(Number(id)).data ?? undefined),
    }),
    stringify: ({ view, id }) => ({ view, id: id === undefined ? undefined : String(id) }),
  },
  validateSearch: InboxSearch,
  component: InboxPage,
});

// What an operator may not see does not exist for it.
function forSupervisors() {
  if (session()?.role === 'operator') throw redirect({ to: '/' });
}

// A room comes with its words.
async function room<T>(page: Promise<T>): Promise<T> {
  await bringWords('rooms');
  return page;
}

// What an administrator alone may see.
function forAdmins() {
  if (session()?.role !== 'admin') throw redirect({ to: '/' });
}

// The settings use what the pages of sign-in are made of.
async function setting<T>(page: Promise<T>): Promise<T> {
  await bringWords('rooms', 'settings', 'doors');
  return page;
}

const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  beforeLoad: forSupervisors,
  component: lazyRouteComponent(() => room(import('./sources/sources-page.tsx')), 'SourcesPage'),
});
const source = createRoute({
  getParentRoute: () => root,
  path: '/sources/$id',
  params: {
    parse: ({ id }) => ({ id: SourceId.safeParse(Number(id)).data ?? null }),
    stringify: ({ id }) => ({ id: String(id) }),
  },
  beforeLoad: forSupervisors,
  component: lazyRouteComponent(() => room(import('./sources/source-page.tsx')), 'SourcePage'),
});
const operators = createRoute({
  getParentRoute: () => root,
  path: '/operators',
  beforeLoad: forSupervisors,
  component: lazyRouteComponent(() => room(import('./operators/operators-page.tsx')), 'OperatorsPage'),
});
const weights = createRoute({
  getParentRoute: () => root,
  path: '/weights',
  beforeLoad: forSupervisors,
  component: lazyRouteComponent(() => room(import('./weights/weights-page.tsx')), 'WeightsPage'),
});
const statistics = createRoute({
  getParentRoute: () => root,
  path: '/statistics',
  beforeLoad: forSupervisors,
  validateSearch: z.object({ period: z.enum(['day', 'week', 'ever']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => room(import('./statistics/statistics-page.tsx')), 'StatisticsPage'),
});
const whatIf = createRoute({
  getParentRoute: () => root,
  path: '/what-if',
  beforeLoad: forSupervisors,
  component: lazyRouteComponent(() => room(import('./what-if/what-if-page.tsx')), 'WhatIfPage'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/security', replace: true });
  },
});
const security = createRoute({
  getParentRoute: () => root,
  path: '/settings/security',
  component: lazyRouteComponent(() => setting(import('./settings/security-page.tsx')), 'SecurityPage'),
});
const tokens = createRoute({
  getParentRoute: () => root,
  path: '/settings/tokens',
  beforeLoad: forAdmins,
  component: lazyRouteComponent(() => setting(import('./settings/tokens-page.tsx')), 'TokensPage'),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: '/settings/audit',
  beforeLoad: forAdmins,
  validateSearch: AuditSearch,
  component: lazyRouteComponent(() => setting(import('./settings/audit-page.tsx')), 'AuditPage'),
});
const firstRun = createRoute({
  getParentRoute: () => root,
  path: '/first-run',
  beforeLoad: forAdmins,
  component: lazyRouteComponent(() => setting(import('./doors/first-run-page.tsx')), 'FirstRunPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    inbox,
    sources,
    source,
    operators,
    weights,
    statistics,
    whatIf,
    settings,
    security,
    tokens,
    audit,
    firstRun,
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: Crash,
  // Plain text on both ways: a search for a phone number is not a number.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
    const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
    return text === '' ? '' : `?${text}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
