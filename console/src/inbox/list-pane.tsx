import { CloseButton, Menu, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { ArrowDownWideNarrow, Archive, Check, Clock, ListFilter, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIdentity } from '../api/session.ts';
import type { View } from '../state/desk.ts';
import { useDesk } from '../state/desk-store.ts';
import { views } from '../state/views.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { whole } from '../ui/time.ts';
import { ContactList } from './contact-list.tsx';
import classes from './list.module.css';
import type { Place } from './place.ts';

const SEARCH_DELAY_MS = 250;

/** Views with their counts, search, order, and the contacts. */
export function ListPane({ place }: { place: Place }) {
  return (
    <section className={classes.pane}>
      <div className={classes.head}>
        <Views place={place} />
        <div className={classes.tools}>
          <SearchField place={place} />
          <OrderMenu place={place} />
        </div>
      </div>
      <ContactList key={`${place.view} ${place.search.closed ?? ''}`} place={place} />
    </section>
  );
}

function Views({ place }: { place: Place }) {
  const { t, i18n } = useTranslation('inbox');
  const { role } = useIdentity();
  const counts = useDesk((desk) => desk.counts);
  const seen: readonly View[] = role === 'operator' ? views.filter((view) => view !== 'all') : views;
  return (
    <nav className={classes.views} aria-label={t('views.label')}>
      {seen.map((view) => (
        <Link
          key={view}
          to="/inbox/$view/{-$id}"
          params={{ view, id: undefined }}
          search={({ sort }) => ({ sort })}
          className={classes.view}
          aria-current={place.view === view ? 'page' : undefined}
        >
          {t(`views.${view}`)}
          <span className={classes.count}>{whole(counts[view], i18n.language)}</span>
        </Link>
      ))}
    </nav>
  );
}

function SearchField({ place }: { place: Place }) {
  const { t } = useTranslation('inbox');
  const asked = place.search.q ?? '';
  const [text, setText] = useState(asked);
  const search = useDebouncedCallback(
    (q: string) => place.filter({ q: q.trim() || undefined }),
    SEARCH_DELAY_MS,
  );
  // Back and forward change the URL behind the field.
  useEffect(() => setText((held) => (held.trim() === asked ? held : asked)), [asked]);

  function change(next: string) {
    setText(next);
    search(next);
  }
  return (
    <TextInput
      className={classes.search}
      type="search"
      size="sm"
      aria-label={t('list.search')}
      placeholder={t('list.search')}
      leftSection={<Search size={16} aria-hidden />}
      rightSection={
        text === '' ? null : (
          <CloseButton size="sm" aria-label={t('list.clearSearch')} onClick={() => change('')} />
        )
      }
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && text !== '') {
          event.preventDefault();
          change('');
        }
      }}
    />
  );
}

function OrderMenu({ place }: { place: Place }) {
  const { t } = useTranslation('inbox');
  const { sort, closed } = place.search;
  const isFiltered = closed === '1' && place.view !== 'queue';
  return (
    <Menu width={240}>
      <Menu.Target>
        <IconButton
          label={t('list.sort')}
          variant={isFiltered || sort !== undefined ? 'light' : 'subtle'}
          color={isFiltered || sort !== undefined ? 'brand' : 'gray'}
          size={36}
        >
          <ListFilter size={18} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<ArrowDownWideNarrow size={16} />}
          rightSection={sort === undefined && <Check size={16} />}
          aria-current={sort === undefined}
          onClick={() => place.filter({ sort: undefined })}
        >
          {t('list.sortActive')}
        </Menu.Item>
        <Menu.Item
          leftSection={<Clock size={16} />}
          rightSection={sort === 'waiting' && <Check size={16} />}
          aria-current={sort === 'waiting'}
          onClick={() => place.filter({ sort: 'waiting' })}
        >
          {t('list.sortWaiting')}
        </Menu.Item>
        {place.view !== 'queue' && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<Archive size={16} />}
              rightSection={isFiltered && <Check size={16} />}
              aria-current={isFiltered}
              onClick={() => place.filter({ closed: isFiltered ? undefined : '1' })}
            >
              {t('list.showClosed')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
