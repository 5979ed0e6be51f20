import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../../src/contract/audit.ts';
import { fullTime } from '../ui/time.ts';
import { useAuditWords } from './audit-words.ts';
import { changesIn, type Change } from './changes.ts';
import classes from './settings.module.css';

const AT_ONCE = 4;

/** One entry of the log. */
export function AuditRow({ entry }: { entry: AuditEntry }) {
  const { t, i18n } = useTranslation('settings');
  const words = useAuditWords();
  const from = [entry.credential === entry.actor ? null : entry.credential, entry.address].filter(
    (part) => part !== null,
  );
  return (
    <Table.Tr>
      <Table.Td className={classes.nowrap}>{fullTime(entry.at, i18n.language)}</Table.Td>
      <Table.Td>
        {words.thing(entry.actor)}
        {from.length > 0 && <div className={classes.soft}>{from.join(' · ')}</div>}
      </Table.Td>
      <Table.Td>
        {words.action(entry.action)}
        <div className={classes.soft}>{entry.action}</div>
      </Table.Td>
      <Table.Td>
        <Link
          to="/settings/audit"
          search={(held) => ({ ...held, subject: entry.subject })}
          className={classes.subject}
          title={t('audit.only', { subject: entry.subject })}
        >
          {words.thing(entry.subject)}
        </Link>
      </Table.Td>
      <Table.Td>
        <Changes entry={entry} />
      </Table.Td>
    </Table.Tr>
  );
}

function Changes({ entry: { action, before, after } }: { entry: AuditEntry }) {
  const { t } = useTranslation('settings');
  const changes = changesIn(before, after);
  const lines = <ChangeLines action={action} changes={changes} />;
  if (changes.length === 0) return null;
  if (changes.length <= AT_ONCE) return lines;
  return (
    <details className={classes.changes}>
      <summary>{t('audit.fields', { count: changes.length })}</summary>
      {lines}
    </details>
  );
}

function ChangeLines({ action, changes }: { action: string; changes: readonly Change[] }) {
  const { t } = useTranslation('settings');
  const { field } = useAuditWords();
  return (
    <ul className={classes.changes}>
      {changes.map(({ name, before, after }) => (
        <li key={name}>
          {name !== '' && `${field(action, name)}: `}
          {before !== null && <del aria-label={t('audit.before', { value: before })}>{before}</del>}
          {before !== null && after !== null && <Fragment> → </Fragment>}
          {after !== null && <ins>{after}</ins>}
        </li>
      ))}
    </ul>
  );
}
