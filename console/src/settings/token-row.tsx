import { Button, Table } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Token } from '../../../src/contract/access.ts';
import { useDesk } from '../state/desk-store.ts';
import { fullTime, whole } from '../ui/time.ts';
import { RevokeToken } from './revoke-token.tsx';
import classes from './settings.module.css';

/** One token, and how it ends. */
export function TokenRow({ token }: { token: Token }) {
  const { t, i18n } = useTranslation(['settings', 'shell', 'rooms']);
  const operator = useDesk((desk) =>
    token.operator_id === null ? undefined : desk.operators.get(token.operator_id)?.name,
  );
  const [isAsked, setAsked] = useState(false);
  const time = (at: string | null) => (at === null ? t('rooms:never') : fullTime(at, i18n.language));
  const { operator_id: id, rate_limit: limit } = token;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {token.name}
        <div className={classes.soft}>
          {t('tokens.made', { at: fullTime(token.created_at, i18n.language) })}
        </div>
      </Table.Th>
      <Table.Td>
        {id === null ? t('tokens.nobody') : (operator ?? t('audit.things.operator', { id }))}
        <div className={classes.softly}>{t(`shell:roles.${token.role}`)}</div>
      </Table.Td>
      <Table.Td>{t(`tokens.scopes.${token.scope}`)}</Table.Td>
      <Table.Td>{time(token.expires_at)}</Table.Td>
      <Table.Td>{time(token.last_used_at)}</Table.Td>
      <Table.Td>{limit === null ? t('tokens.noLimit') : whole(limit, i18n.language)}</Table.Td>
      <Table.Td className={classes.actions}>
        <Button
          variant="default"
          size="xs"
          aria-label={t('tokens.revokeOf', { name: token.name })}
          onClick={() => setAsked(true)}
        >
          {t('tokens.revoke')}
        </Button>
        {isAsked && <RevokeToken token={token} onLeave={() => setAsked(false)} />}
      </Table.Td>
    </Table.Tr>
  );
}
