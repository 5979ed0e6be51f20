import { Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsOf } from '../shell/words.ts';
import { Failure } from '../ui/failure.tsx';
import { Card } from '../ui/page.tsx';

/** Of a query as much as is needed to show how it stands. */
type Query<T> = { data: T | undefined; error: Error | null; refetch: () => unknown };

/** What was asked of the gateway: its shape while it is on its way, why it did not come, or the answer. */
export function Asked<T>({ query, children }: { query: Query<T>; children: (answer: T) => ReactNode }) {
  const { t } = useTranslation(['rooms', 'shell']);
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null)
    return (
      <Card>
        <Failure
          title={t('failed')}
          text={wordsOf(query.error)}
          retryLabel={t('shell:retry')}
          onRetry={() => void query.refetch()}
        />
      </Card>
    );
  return (
    <Stack gap="sm" role="status" aria-label={t('shell:loading')}>
      {[1, 2, 3].map((place) => (
        <Skeleton key={place} height={52} radius="md" />
      ))}
    </Stack>
  );
}
