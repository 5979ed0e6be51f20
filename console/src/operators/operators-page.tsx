import { Button, Table, VisuallyHidden } from '@mantine/core';
import { Plus, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Operator } from '../../../src/contract/operator.ts';
import { useIdentity } from '../api/session.ts';
import { Asked } from '../sources/asked.tsx';
import { Wide } from '../sources/wide.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card, Page } from '../ui/page.tsx';
import { OperatorDialog } from './operator-dialog.tsx';
import { OperatorRow } from './operator-row.tsx';
import { useOperators } from './use-operators.ts';

/** Who answers: presence, load and cap, and whether they are active. */
export function OperatorsPage() {
  const { t } = useTranslation('rooms');
  const mayChange = useIdentity().role === 'admin';
  const { query, operators } = useOperators();
  const [isAdding, setAdding] = useState(false);
  const add = mayChange && (
    <Button leftSection={<Plus size={18} />} onClick={() => setAdding(true)}>
      {t('operators.add')}
    </Button>
  );
  return (
    <Page
      title={t('operators.title')}
      text={mayChange ? t('operators.text') : `${t('operators.text')} ${t('readOnly')}`}
      action={operators.length > 0 && add}
    >
      <Asked query={query}>
        {() =>
          operators.length === 0 ? (
            <Card>
              <Notice
                icon={<Users size={26} />}
                title={t('operators.emptyTitle')}
                text={t('operators.emptyText')}
                action={add}
              />
            </Card>
          ) : (
            <Wide label={t('operators.title')}>
              <OperatorTable operators={operators} mayChange={mayChange} />
            </Wide>
          )
        }
      </Asked>
      {isAdding && <OperatorDialog operator={null} onLeave={() => setAdding(false)} />}
    </Page>
  );
}

function OperatorTable({ operators, mayChange }: { operators: readonly Operator[]; mayChange: boolean }) {
  const { t } = useTranslation('rooms');
  return (
    <Table verticalSpacing="sm" horizontalSpacing="lg">
      <caption>
        <VisuallyHidden>{t('operators.title')}</VisuallyHidden>
      </caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('operators.name')}</Table.Th>
          <Table.Th scope="col">{t('operators.role')}</Table.Th>
          <Table.Th scope="col">{t('operators.state')}</Table.Th>
          <Table.Th scope="col">{t('operators.load')}</Table.Th>
          <Table.Th scope="col">{t('operators.cap')}</Table.Th>
          <Table.Th scope="col">{t('operators.active')}</Table.Th>
          <Table.Th scope="col">
            <VisuallyHidden>{t('actions')}</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {operators.map((operator) => (
          <OperatorRow key={operator.id} operator={operator} mayChange={mayChange} />
        ))}
      </Table.Tbody>
    </Table>
  );
}
