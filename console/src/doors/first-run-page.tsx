import { Badge, Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { allOperators, allSources } from '../api/queries.ts';
import { useIdentity } from '../api/session.ts';
import { useDesk } from '../state/desk-store.ts';
import { Card, Page } from '../ui/page.tsx';
import classes from './first-run.module.css';

/** What the first admin does first: a bot, an operator, a test message. */
export function FirstRunPage() {
  const { t } = useTranslation('doors');
  const me = useIdentity().operator?.id;
  useQuery(allSources);
  useQuery(allOperators);
  const sources = useDesk((desk) => desk.sources);
  const hasOthers = useDesk((desk) => [...desk.operators.keys()].some((id) => id !== me));
  const hasContacts = useDesk((desk) => desk.contacts.size > 0);
  const bots = [...sources.values()].flatMap((source) =>
    'telegram' in source && source.telegram?.bot_username ? [source.telegram.bot_username] : [],
  );
  return (
    <Page title={t('firstRun.title')} text={t('firstRun.text')}>
      <Card>
        <ol className={classes.steps}>
          <Step title={t('firstRun.bot')} text={t('firstRun.botText')} isDone={sources.size > 0}>
            <Way to="/sources">{t('firstRun.botGo')}</Way>
          </Step>
          <Step title={t('firstRun.operator')} text={t('firstRun.operatorText')} isDone={hasOthers}>
            <Way to="/operators">{t('firstRun.operatorGo')}</Way>
            <Way to="/weights">{t('firstRun.weightsGo')}</Way>
          </Step>
          <Step title={t('firstRun.message')} text={t('firstRun.messageText')} isDone={hasContacts}>
            {bots.map((name) => (
              <Button
                key={name}
                variant="default"
                component="a"
                href={`https://t.me/${encodeURIComponent(name)}`}
                target="_blank"
                rel="noreferrer noopener"
              >
                {t('firstRun.openBot', { name })}
              </Button>
            ))}
            <Way to="/">{t('firstRun.messageGo')}</Way>
          </Step>
        </ol>
      </Card>
    </Page>
  );
}

type StepProps = { title: string; text: string; isDone: boolean; children: ReactNode };

function Step({ title, text, isDone, children }: StepProps) {
  const { t } = useTranslation('doors');
  return (
    <li>
      <h2>
        {title}
        {isDone && (
          <Badge variant="light" color="green" ml="sm">
            {t('firstRun.done')}
          </Badge>
        )}
      </h2>
      <p>{text}</p>
      <Group gap="sm">{children}</Group>
    </li>
  );
}

function Way({ to, children }: { to: '/' | '/sources' | '/operators' | '/weights'; children: ReactNode }) {
  return (
    <Button variant="default" component={Link} to={to}>
      {children}
    </Button>
  );
}
