import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Archive, CheckCheck, Coffee, Radio, SearchX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useIdentity } from '../api/session.ts';
import { useAvailability } from '../shell/own-state.tsx';
import { useDesk } from '../state/desk-store.ts';
import { Notice } from '../ui/notice.tsx';
import type { Place } from './place.ts';

/** Why the list is empty, and what to do about it. */
export function EmptyList({ place }: { place: Place }) {
  const { t } = useTranslation('inbox');
  const { role } = useIdentity();
  const hasSources = useDesk((desk) => desk.sources.size > 0);
  const { q, closed } = place.search;

  if (q !== undefined)
    return (
      <Notice
        icon={<SearchX size={26} />}
        title={t('empty.searchTitle')}
        text={t('empty.searchText', { q })}
      />
    );
  if (closed === '1' && place.view !== 'queue')
    return <Notice icon={<Archive size={26} />} title={t('empty.closedTitle')} />;
  if (role === 'admin' && !hasSources)
    return (
      <Notice
        icon={<Radio size={26} />}
        title={t('empty.allTitle')}
        text={t('empty.allNoSources')}
        action={<Link to="/sources">{t('empty.addSource')}</Link>}
      />
    );
  switch (place.view) {
    case 'mine':
      return <NothingMine />;
    case 'queue':
      return (
        <Notice icon={<CheckCheck size={26} />} title={t('empty.queueTitle')} text={t('empty.queueText')} />
      );
    case 'all':
      return <Notice icon={<CheckCheck size={26} />} title={t('empty.allTitle')} text={t('empty.allText')} />;
  }
}

function NothingMine() {
  const { t } = useTranslation('inbox');
  const me = useDesk((desk) => desk.me);
  const change = useAvailability();
  const icon = <Coffee size={26} />;
  if (me === null)
    return <Notice icon={icon} title={t('empty.mineTitle')} text={t('empty.mineNoOperator')} />;
  if (me.availability !== 'available')
    return (
      <Notice
        icon={icon}
        title={t('empty.mineTitle')}
        text={t('empty.minePaused')}
        action={
          <Button loading={change.isPending} onClick={() => change.mutate({ me, availability: 'available' })}>
            {t('empty.goAvailable')}
          </Button>
        }
      />
    );
  return (
    <Notice
      icon={icon}
      title={t('empty.mineTitle')}
      text={t(me.max_load === 0 ? 'empty.mineFull' : 'empty.mineOnline')}
    />
  );
}
