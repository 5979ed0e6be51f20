import { Button, Switch, Table, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Plus, Radio } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SourceView } from '../../../src/contract/source.ts';
import { useIdentity } from '../api/session.ts';
import { SourceIcon } from '../inbox/source-icon.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card, Page } from '../ui/page.tsx';
import { AddSource } from './add-source.tsx';
import { Asked } from './asked.tsx';
import { LastUpdate, SourceState } from './source-state.tsx';
import classes from './sources.module.css';
import { useSourceSwitch, useSources } from './use-sources.ts';
import { Wide } from './wide.tsx';

/** Where messages come from: how each source does, and the switch of each. */
export function SourcesPage() {
  const { t } = useTranslation('rooms');
  const mayChange = useIdentity().role === 'admin';
  const { query, sources } = useSources();
  const [isAdding, setAdding] = useState(false);
  const add = mayChange && (
    <Button leftSection={<Plus size={18} />} onClick={() => setAdding(true)}>
      {t('sources.add')}
    </Button>
  );
  return (
    <Page
      title={t('sources.title')}
      text={mayChange ? t('sources.text') : `${t('sources.text')} ${t('readOnly')}`}
      action={sources.length > 0 && add}
    >
      <Asked query={query}>
        {() =>
          sources.length === 0 ? (
            <Card>
              <Notice
                icon={<Radio size={26} />}
                title={t('sources.emptyTitle')}
                text={t('sources.emptyText')}
                action={add}
              />
            </Card>
          ) : (
            <Wide label={t('sources.title')}>
              <SourceTable sources={sources} mayChange={mayChange} />
            </Wide>
          )
        }
      </Asked>
      {isAdding && <AddSource onLeave={() => setAdding(false)} />}
    </Page>
  );
}

function SourceTable({ sources, mayChange }: { sources: readonly SourceView[]; mayChange: boolean }) {
  const { t } = useTranslation('rooms');
  return (
    <Table verticalSpacing="sm" horizontalSpacing="lg">
      <caption>
        <VisuallyHidden>{t('sources.title')}</VisuallyHidden>
      </caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('sources.name')}</Table.Th>
          <Table.Th scope="col">{t('sources.state')}</Table.Th>
          <Table.Th scope="col">{t('sources.active')}</Table.Th>
          <Table.Th scope="col">{t('sources.lastUpdate')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {sources.map((source) => (
          <SourceRow key={source.id} source={source} mayChange={mayChange} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function SourceRow({ source, mayChange }: { source: SourceView; mayChange: boolean }) {
  const { t } = useTranslation(['rooms', 'shell']);
  const { isOn, change } = useSourceSwitch(source);
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <div className={classes.name}>
          <SourceIcon kind={source.kind} size={18} />
          <div>
            <Link to="/sources/$id" params={{ id: source.id }} className={classes.link}>
              {source.name}
            </Link>
            <div className={classes.soft}>{source.code}</div>
          </div>
        </div>
      </Table.Th>
      <Table.Td>
        <SourceState id={source.id} />
      </Table.Td>
      <Table.Td>
        {mayChange ? (
          <Switch
            aria-label={t('sources.toggle', { name: source.name })}
            checked={isOn}
            onChange={(event) => change.mutate(event.currentTarget.checked)}
          />
        ) : (
          t(isOn ? 'shell:yes' : 'shell:no')
        )}
      </Table.Td>
      <Table.Td>
        <LastUpdate id={source.id} kind={source.kind} />
      </Table.Td>
    </Table.Tr>
  );
}
