import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Loader } from '@mantine/core';
import { ArrowDown } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import { useOutbox } from '../api/outbox.ts';
import { trailOf } from '../api/queries.ts';
import { wordsOf } from '../shell/words.ts';
import { timeline, type Line } from '../state/timeline.ts';
import { Failure } from '../ui/failure.tsx';
import { dayOf } from '../ui/time.ts';
import { Bubble, OutgoingBubble } from './bubble.tsx';
import { DayLine, StepLine, UnreadLine } from './lines.tsx';
import classes from './thread.module.css';
import { useThread } from './use-contact.ts';

const NEAR_END = 80;
const NEAR_START = 300;

/** All that was said and done in a contact, newest at the end; older pages come when one scrolls up. */
export function Thread({ contact, onWhy }: { contact: Contact; onWhy: () => void }) {
  const { t } = useTranslation(['inbox', 'shell', 'problems']);
  const { thread, isLoaded, error, retry, loadOlder } = useThread(contact.id);
  const { data: trail } = useQuery(trailOf(contact.id, contact.version));
  const outbox = useOutbox();
  const messages = thread?.messages ?? [];
  const hasOlder = thread?.hasOlder ?? false;
  const lines = timeline(
    {
      messages,
      steps: trail?.items ?? [],
      outbox: outbox.filter((outgoing) => outgoing.contactId === contact.id),
      hasOlder,
      unreadFrom: null,
    },
    dayOf,
  );
  const { scroller, list, isAtEnd, toEnd, onScroll } = useThreadScroll(lines, () => hasOlder && loadOlder());

  if (error !== null && !isLoaded)
    return (
      <Failure
        title={t('thread.failed')}
        text={wordsOf(error)}
        retryLabel={t('shell:retry')}
        onRetry={retry}
      />
    );
  return (
    <div className={classes.stage}>
      <div
        ref={scroller}
        className={classes.scroller}
        onScroll={onScroll}
        role="log"
        aria-label={t('thread.log')}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        {!isLoaded && <Loader size="sm" className={classes.loader} />}
        {isLoaded && lines.length === 0 && <p className={classes.empty}>{t('thread.empty')}</p>}
        <div className={classes.lines} style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((row) => {
            const line = lines[row.index];
            if (line === undefined) return null;
            return (
              <div
                key={row.key}
                ref={list.measureElement}
                data-index={row.index}
                className={classes.slot}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <LineView line={line} contact={contact} onWhy={onWhy} />
              </div>
            );
          })}
        </div>
      </div>
      {!isAtEnd && (
        <button type="button" className={classes.toEnd} onClick={toEnd} aria-label={t('thread.toEnd')}>
          <ArrowDown size={18} />
        </button>
      )}
    </div>
  );
}

/** Stays at the end while one is there, and keeps the place when older lines come in above. */
function useThreadScroll(lines: Line[], loadOlder: () => void) {
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const wasAtEnd = useRef(true);
  const heightBefore = useRef(0);
  const firstKey = lines[0]?.key;
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => lines[index]?.key ?? index,
    estimateSize: () => 56,
    overscan: 12,
  });
  const height = list.getTotalSize();

  function toEnd() {
    const element = scroller.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }
  useLayoutEffect(() => {
    const element = scroller.current;
    // What came in above pushes down what one is reading: the place moves along.
    if (element !== null && !wasAtEnd.current)
      element.scrollTop += Math.max(0, height - heightBefore.current);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only lines that come in above matter here
  }, [firstKey]);
  useEffect(() => {
    heightBefore.current = height;
    if (wasAtEnd.current) toEnd();
  }, [height]);

  function onScroll() {
    const element = scroller.current;
    if (element === null) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    wasAtEnd.current = atEnd;
    setAtEnd(atEnd);
    if (element.scrollTop < NEAR_START) loadOlder();
  }
  return { scroller, list, isAtEnd, toEnd, onScroll };
}

function LineView({ line, contact, onWhy }: { line: Line; contact: Contact; onWhy: () => void }) {
  switch (line.kind) {
    case 'day':
      return <DayLine at={line.at} />;
    case 'unread':
      return <UnreadLine />;
    case 'step':
      return <StepLine step={line.step} onWhy={onWhy} />;
    case 'message':
      return <Bubble message={line.message} contact={contact} isFirst={line.isFirst} />;
    case 'outgoing':
      return <OutgoingBubble outgoing={line.outgoing} />;
  }
}
