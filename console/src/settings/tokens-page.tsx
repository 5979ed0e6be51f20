import { Button, Table, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Token } from '../../../src/contract/access.ts';
import { allOperators } from '../api/queries.ts';
import { Asked } from '../sources/asked.tsx';
import { Wide } from '../sources/wide.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { NewTokenDialog } from './new-token.tsx';
import { allTokens } from './queries.ts';
import { SettingsFrame } from './settings-frame.tsx';
import { TokenRow } from './token-row.tsx';

/** The API tokens: who acts with them, until when, and when they were used last. */
export function TokensPage() {
  const { t } = useTranslation('settings');
  const query = useQuery(allTokens);
  // The table names operators by what the desk knows of them.
  useQuery(allOperators);
  const [isAdding, setAdding] = useState(false);
  const add = (
    <Button leftSection={<Plus size={18} />} onClick={() => setAdding(true)}>
      {t('tokens.add')}
    </Button>
  );
  return (
    <SettingsFrame title={t('tokens.title')} text={t('tokens.text')} action={query.data?.length !== 0 && add}>
      <Asked query={query}>
        {(tokens) =>
          tokens.length === 0 ? (
            <Card>
              <Notice
                icon={<KeyRound size={26} />}
                title={t('tokens.emptyTitle')}
                text={t('tokens.emptyText')}
                action={add}
              />
            </Card>
          ) : (
            <Wide label={t('tokens.title')}>
              <TokenTable tokens={tokens} />
            </Wide>
          )
        }
      </Asked>
      {isAdding && <NewTokenDialog onLeave={() => setAdding(false)} />}
    </SettingsFrame>
  );
}

const columns = ['name', 'actsAs', 'scope', 'expires', 'lastUsed', 'limit'] as const;

function TokenTable({ tokens }: { tokens: readonly Token[] }) {
  const { t } = useTranslation(['settings', 'rooms']);
  return (
    <Table verticalSpacing="sm" horizontalSpacing="lg" miw={880}>
      <caption>
        <VisuallyHidden>{t('tokens.title')}</VisuallyHidden>
      </caption>
      <Table.Thead>
        <Table.Tr>
          {columns.map((column) => (
            <Table.Th key={column} scope="col">
              {t(`tokens.${column}`)}
            </Table.Th>
          ))}
          <Table.Th scope="col">
            <VisuallyHidden>{t('rooms:actions')}</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tokens.map((token) => (
          <TokenRow key={token.id} token={token} />
        ))}
      </Table.Tbody>
    </Table>
  );
}
