import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Cause, type Distribution } from '../../../src/contract/stats.ts';
import { Wide } from '../sources/wide.tsx';
import { useDesk } from '../state/desk-store.ts';
import { percent, signed, whole } from '../ui/time.ts';
import { FairnessLine } from './fairness-line.tsx';
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
          <FairnessLine source={source} />
        </caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('statistics.operator')}</Table.Th>
            {(['weight', 'count', 'share', 'expected'] as const).map((column) => (
              <Table.Th key={column} scope="col" className={classes.number}>
                {t(`statistics.${column}`)}
              </Table.Th>
            ))}
            <Table.Th scope="col" className={classes.number}>
              {t('distribution.difference')}
            </Table.Th>
            <Table.Th scope="col">{t('distribution.because')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {source.operators.length === 0 && (
            <Table.Tr>
              <Table.Td colSpan={7}>{t('weights.allZero')}</Table.Td>
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
              <Table.Td className={classes.number}>{signed(operator.deviation, i18n.language)}</Table.Td>
              <Table.Td>
                <Causes operator={operator} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

/** What makes the difference of an operator, the largest first; what is less than a tenth of a contact is left out. */
function Causes({ operator: { causes } }: { operator: Source['operators'][number] }) {
  const { t, i18n } = useTranslation('rooms');
  const told = Object.entries(causes)
    .filter(([, contacts]) => Math.abs(contacts) >= 0.05)
    .toSorted(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  if (told.length === 0) return <span className={classes.soft}>{t('distribution.nothingElse')}</span>;
  return (
    <ul className={classes.causes}>
      {told.map(([cause, contacts]) => (
        <li key={cause}>
          {t(`distribution.causes.${Cause.parse(cause)}`)} <b>{signed(contacts, i18n.language)}</b>
        </li>
      ))}
    </ul>
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
