import { Button, Group, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { distributionOf, operatorsLoad, queueStats, type StatisticsPeriod } from '../api/admin-queries.ts';
import { allSources, queryClient } from '../api/queries.ts';
import { Asked } from '../sources/asked.tsx';
import { Page } from '../ui/page.tsx';
import { DistributionTables } from './distribution-tables.tsx';
import { InvariantsSection } from './invariants-section.tsx';
import { LoadTable } from './load-table.tsx';
import { QueueTable } from './queue-table.tsx';
import classes from './statistics.module.css';

const periods: readonly StatisticsPeriod[] = ['day', 'week', 'ever'];

/** Load, queue and distribution, each as a table. */
export function StatisticsPage() {
  const { t } = useTranslation('rooms');
  const { period = 'week' } = useSearch({ from: '/statistics' });
  const load = useQuery(operatorsLoad);
  const queue = useQuery(queueStats);
  const distribution = useQuery(distributionOf(period));
  // The tables name sources by what the desk knows of them.
  useQuery(allSources);
  const isFetching = [load, queue, distribution].some((query) => query.isFetching);
  return (
    <Page
      title={t('statistics.title')}
      action={
        <Button
          variant="default"
          leftSection={<RefreshCw size={16} />}
          loading={isFetching}
          onClick={() => void queryClient.invalidateQueries({ queryKey: ['statistics'] })}
        >
          {t('statistics.refresh')}
        </Button>
      }
    >
      <InvariantsSection />
      <h2 className={classes.heading}>{t('statistics.load')}</h2>
      <Asked query={load}>{(answer) => <LoadTable {...answer} />}</Asked>
      <h2 className={classes.heading}>{t('statistics.queue')}</h2>
      <Asked query={queue}>{(answer) => <QueueTable {...answer} />}</Asked>
      <Group justify="space-between" mt="xl" mb="sm">
        <h2 className={classes.heading}>{t('statistics.distribution')}</h2>
        <PeriodSwitch period={period} />
      </Group>
      <Asked query={distribution}>{(answer) => <DistributionTables {...answer} />}</Asked>
    </Page>
  );
}

function PeriodSwitch({ period }: { period: StatisticsPeriod }) {
  const { t } = useTranslation('rooms');
  const navigate = useNavigate();
  return (
    <SegmentedControl<StatisticsPeriod>
      aria-label={t('statistics.period')}
      value={period}
      onChange={(next) => void navigate({ to: '/statistics', search: { period: next }, replace: true })}
      data={periods.map((each) => ({ value: each, label: t(`statistics.${each}`) }))}
    />
  );
}
