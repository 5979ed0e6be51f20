import { Button, Table, VisuallyHidden } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { ScrollText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../../src/contract/audit.ts';
import { allOperators, allSources } from '../api/queries.ts';
import { Asked } from '../sources/asked.tsx';
import { Wide } from '../sources/wide.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { AuditRow } from './audit-row.tsx';
import { CsvButton } from './csv-button.tsx';
import { auditOf } from './queries.ts';
import { SettingsFrame } from './settings-frame.tsx';
import classes from './settings.module.css';

/** Who did what, when and from where. */
export function AuditPage() {
  const { t } = useTranslation('settings');
  const search = useSearch({ from: '/settings/audit' });
  const query = useInfiniteQuery(auditOf(search));
  // The log names operators and sources by what the desk knows of them.
  useQuery(allOperators);
  useQuery(allSources);
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <SettingsFrame title={t('audit.title')} text={t('audit.text')} action={<CsvButton search={search} />}>
      <AuditFilters search={search} />
      <Asked query={query}>
        {() =>
          entries.length === 0 ? (
            <Card>
              <Notice
                icon={<ScrollText size={26} />}
                title={t('audit.emptyTitle')}
                text={t('audit.emptyText')}
              />
            </Card>
          ) : (
            <Wide label={t('audit.title')}>
              <AuditTable entries={entries} />
            </Wide>
          )
        }
      </Asked>
      {query.hasNextPage && (
        <div className={classes.more}>
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('audit.more')}
          </Button>
        </div>
      )}
    </SettingsFrame>
  );
}

const columns = ['when', 'who', 'what', 'subject', 'changes'] as const;

function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  const { t } = useTranslation('settings');
  return (
    <Table verticalSpacing="sm" horizontalSpacing="md" miw={880}>
      <caption>
        <VisuallyHidden>{t('audit.title')}</VisuallyHidden>
      </caption>
      <Table.Thead>
        <Table.Tr>
          {columns.map((column) => (
            <Table.Th key={column} scope="col">
              {t(`audit.${column}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <AuditRow key={entry.id} entry={entry} />
        ))}
      </Table.Tbody>
    </Table>
  );
}
