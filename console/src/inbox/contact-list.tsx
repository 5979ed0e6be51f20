import { Skeleton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsOf } from '../shell/words.ts';
import { Failure } from '../ui/failure.tsx';
import { useShortcuts } from '../ui/keys.ts';
import { ContactRow } from './contact-row.tsx';
import { EmptyList } from './empty-list.tsx';
import classes from './list.module.css';
import type { Place } from './place.ts';
import { useRows } from './use-rows.ts';

const ROW_HEIGHT = 76;
const NEAR_END = 10;

/** The contacts of a view; only what is on the screen is drawn. */
export function ContactList({ place }: { place: Place }) {
  const { t } = useTranslation(['inbox', 'shell', 'problems']);
  const { contacts, isLoading, error, retry, more } = useRows(place);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: contacts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => contacts[index]?.id ?? index,
    overscan: 8,
  });
  const selected = contacts.findIndex((contact) => contact.id === place.id);
  const [roving, setRoving] = useState<number | null>(null);
  const tabStop = roving ?? Math.max(0, selected);

  const lastShown = list.getVirtualItems().at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= contacts.length - NEAR_END) more();
  });

  function step(by: 1 | -1) {
    const next = contacts[selected === -1 ? 0 : selected + by];
    if (next === undefined) return;
    list.scrollToIndex(contacts.indexOf(next));
    place.open(next.id);
  }
  useShortcuts({ 'Alt+KeyJ': () => step(1), 'Alt+KeyK': () => step(-1) });

  function focusRow(index: number) {
    if (index < 0 || index >= contacts.length) return;
    setRoving(index);
    list.scrollToIndex(index);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`)?.focus(),
    );
  }
  function onKeyDown(event: KeyboardEvent) {
    const targets: Record<string, number> = {
      ArrowDown: tabStop + 1,
      ArrowUp: tabStop - 1,
      Home: 0,
      End: contacts.length - 1,
    };
    const target = event.altKey || event.ctrlKey || event.metaKey ? undefined : targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    focusRow(target);
  }

  if (isLoading) return <Skeletons label={t('shell:loading')} />;
  if (error !== null)
    return (
      <Failure title={t('list.failed')} text={wordsOf(error)} retryLabel={t('shell:retry')} onRetry={retry} />
    );
  if (contacts.length === 0) return <EmptyList place={place} />;
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the rows in it are what is focused
    <div ref={scroller} className={classes.scroller} onKeyDown={onKeyDown}>
      <div
        role="list"
        aria-label={t(place.search.q === undefined ? 'list.label' : 'list.results')}
        className={classes.rows}
        style={{ height: list.getTotalSize() }}
      >
        {list.getVirtualItems().map((row) => {
          const contact = contacts[row.index];
          if (contact === undefined) return null;
          return (
            <div
              key={row.key}
              role="listitem"
              aria-setsize={contacts.length}
              aria-posinset={row.index + 1}
              data-index={row.index}
              className={classes.slot}
              style={{ height: row.size, transform: `translateY(${row.start}px)` }}
            >
              <ContactRow
                contact={contact}
                place={place}
                isTabStop={row.index === tabStop}
                onFocus={() => setRoving(row.index)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Skeletons({ label }: { label: string }) {
  return (
    <div className={classes.skeletons} role="status" aria-label={label}>
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className={classes.skeleton}>
          <Skeleton circle height={44} />
          <div>
            <Skeleton height={12} width="55%" mb={10} />
            <Skeleton height={10} width="85%" />
          </div>
        </div>
      ))}
    </div>
  );
}
