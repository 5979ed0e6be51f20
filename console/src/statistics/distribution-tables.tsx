import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Distribution } from '../../../src/contract/stats.ts';
import { Wide } from '../sources/wide.tsx';
import { useDesk } from '../state/desk-store.ts';
import { percent, whole } from '../ui/time.ts';
import classes from './statistics.module.css';

type Source = Distribution['items'][number];

/** Who has got how much of each source, beside what the weights promise. */
export function DistributionTables({ items }: Distribution) {
  const { t } = useTranslation('rooms');
  if (items.length === 0) return <p className={classes.nothing}>{t('statistics.nothing')}</p>;
  return items.map((source) => <DistributionTable key={source.source_id} source={source} />);
}

function DistributionTable({ source }: { source: Source }) {
  const { t, i18n } = useTranslation('rooms');
  const name = useDesk((desk) => desk.sources.get(source.source_id)?.name ?? source.source_code);
  const total = t('statistics.totalOf', { count: source.total });
  const unassigned = t('statistics.unassigned', { count: source.unassigned });
  return (
    <Wide label={`${t('statistics.distribution')}: ${name}`}>
      <Table verticalSpacing="xs" horizontalSpacing="lg" captionSide="top">
        <caption className={classes.caption}>
          <b>{name}</b>
          {source.unassigned === 0 ? total : `${total}, ${unassigned}`}
        </caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('statistics.operator')}</Table.Th>
            {(['weight', 'count', 'share', 'expected'] as const).map((column) => (
              <Table.Th key={column} scope="col" className={classes.number}>
                {t(`statistics.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {source.operators.length === 0 && (
            <Table.Tr>
              <Table.Td colSpan={5}>{t('weights.allZero')}</Table.Td>
            </Table.Tr>
          )}
          {source.operators.map((operator) => (
            <Table.Tr key={operator.operator_id}>
              <Table.Th scope="row">{operator.operator_name}</Table.Th>
              <Table.Td className={classes.number}>{whole(operator.weight, i18n.language)}</Table.Td>
              <Table.Td className={classes.number}>{whole(operator.count, i18n.language)}</Table.Td>
              <Table.Td className={classes.number}>
                <Share fraction={operator.share} />
              </Table.Td>
              <Table.Td className={classes.number}>
                {percent(operator.expected_share, i18n.language)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

function Share({ fraction }: { fraction: number }) {
  const { i18n } = useTranslation();
  return (
    <span className={classes.share}>
      <span className={classes.bar} aria-hidden>
        <span className={classes.fill} style={{ width: `${fraction * 100}%` }} />
      </span>
      {percent(fraction, i18n.language)}
    </span>
  );
}
