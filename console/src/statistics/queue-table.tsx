import { Table, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { QueueStats } from '../../../src/contract/stats.ts';
import { Wide } from '../sources/wide.tsx';
import { useDesk } from '../state/desk-store.ts';
import { useNow } from '../ui/clock.ts';
import { duration, fullTime, whole } from '../ui/time.ts';
import classes from './statistics.module.css';

/** How many wait at each source, and how long the first of them. */
export function QueueTable({ items }: QueueStats) {
  const { t, i18n } = useTranslation('rooms');
  const sources = useDesk((desk) => desk.sources);
  if (items.length === 0) return <p className={classes.nothing}>{t('sources.emptyTitle')}</p>;
  return (
    <Wide label={t('statistics.queue')}>
      <Table verticalSpacing="xs" horizontalSpacing="lg">
        <caption>
          <VisuallyHidden>{t('statistics.queue')}</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('statistics.source')}</Table.Th>
            <Table.Th scope="col" className={classes.number}>
              {t('statistics.waiting')}
            </Table.Th>
            <Table.Th scope="col">{t('statistics.oldest')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map(({ source_id, waiting, oldest_at }) => (
            <Table.Tr key={source_id}>
              <Table.Th scope="row">{sources.get(source_id)?.name ?? source_id}</Table.Th>
              <Table.Td className={classes.number}>{whole(waiting, i18n.language)}</Table.Td>
              <Table.Td>{oldest_at === null ? '–' : <Since at={oldest_at} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

function Since({ at }: { at: string }) {
  const { i18n } = useTranslation();
  const now = useNow();
  return (
    <time dateTime={at}>
      {fullTime(at, i18n.language)} ({duration(at, now, i18n.language)})
    </time>
  );
}
