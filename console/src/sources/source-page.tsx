import { getRouteApi, Link } from '@tanstack/react-router';
import { ArrowLeft, Ghost } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Source, SourceView } from '../../../src/contract/source.ts';
import { useIdentity } from '../api/session.ts';
import { Notice } from '../ui/notice.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Asked } from './asked.tsx';
import { HealthCard } from './health-card.tsx';
import { SecretCard } from './secret-card.tsx';
import { SourceSettings } from './source-settings.tsx';
import classes from './sources.module.css';
import { useSources } from './use-sources.ts';

const route = getRouteApi('/sources/$id');

/** One source: how it does, and what is set. */
export function SourcePage() {
  const { t } = useTranslation(['rooms', 'inbox']);
  const { id } = route.useParams();
  const { query, sources } = useSources();
  const source = sources.find((each) => each.id === id);
  const kind = source === undefined ? '' : t(`inbox:kinds.${source.kind}`);
  return (
    <Page
      title={source?.name ?? t('sources.title')}
      text={source === undefined ? undefined : `${kind} · ${source.code}`}
      action={
        <Link to="/sources" className={classes.back}>
          <ArrowLeft size={16} aria-hidden />
          {t('sources.all')}
        </Link>
      }
    >
      <Asked query={query}>
        {() => (source === undefined || !isWhole(source) ? <Missing /> : <Cards source={source} />)}
      </Asked>
    </Page>
  );
}

function isWhole(source: SourceView): source is Source {
  return 'greetings' in source;
}

function Cards({ source }: { source: Source }) {
  const mayChange = useIdentity().role === 'admin';
  return (
    <>
      <HealthCard source={source} />
      {mayChange && source.webhook !== undefined && <SecretCard source={source} webhook={source.webhook} />}
      {mayChange && <SourceSettings key={source.id} source={source} />}
    </>
  );
}

function Missing() {
  const { t } = useTranslation('rooms');
  return (
    <Card>
      <Notice icon={<Ghost size={26} />} title={t('sources.missing')} />
    </Card>
  );
}
