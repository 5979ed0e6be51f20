import { Table, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OperatorsLoad } from '../../../src/contract/stats.ts';
import { LoadBar } from '../operators/load-bar.tsx';
import { Wide } from '../sources/wide.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { percent } from '../ui/time.ts';
import classes from './statistics.module.css';

/** How much each operator holds of what it may hold. */
export function LoadTable({ items }: OperatorsLoad) {
  const { t, i18n } = useTranslation(['rooms', 'shell']);
  if (items.length === 0) return <p className={classes.nothing}>{t('operators.emptyTitle')}</p>;
  return (
    <Wide label={t('statistics.load')}>
      <Table verticalSpacing="xs" horizontalSpacing="lg">
        <caption>
          <VisuallyHidden>{t('statistics.load')}</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('statistics.operator')}</Table.Th>
            <Table.Th scope="col">{t('statistics.state')}</Table.Th>
            <Table.Th scope="col">{t('statistics.loadColumn')}</Table.Th>
            <Table.Th scope="col" className={classes.number}>
              {t('statistics.percentage')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.operator_id}>
              <Table.Th scope="row">{item.operator_name}</Table.Th>
              <Table.Td>
                <span className={classes.state}>
                  <StatusDot tone={item.is_active && item.presence === 'online' ? 'good' : 'off'} />
                  {item.is_active ? t(`shell:presence.${item.presence}`) : t('shell:me.inactive')}
                </span>
              </Table.Td>
              <Table.Td>
                <LoadBar load={item.load} max={item.max_load} />
              </Table.Td>
              <Table.Td className={classes.number}>
                {percent(item.load_percentage / 100, i18n.language)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}
