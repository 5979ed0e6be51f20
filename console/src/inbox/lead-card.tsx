import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import { leadOf } from '../api/queries.ts';
import { wordsOf } from '../shell/words.ts';
import { Failure } from '../ui/failure.tsx';
import { Monogram } from '../ui/monogram.tsx';
import { fullTime } from '../ui/time.ts';
import { useLeadName } from './names.ts';
import classes from './side.module.css';

/** Who the lead is, how this contact stands, and what else the lead has asked. */
export function LeadCard({ contact }: { contact: Contact }) {
  const { t, i18n } = useTranslation(['inbox', 'shell', 'problems']);
  const name = useLeadName()(contact.lead);
  const { data: lead, error, refetch } = useQuery(leadOf(contact.lead_id, contact.version));
  const time = (at: string | null) => (at === null ? t('lead.unknown') : fullTime(at, i18n.language));

  // Of an erased contact its lead may be erased as well.
  if (error !== null && lead === undefined && contact.erased_at === null)
    return (
      <Failure
        title={t('lead.failed')}
        text={wordsOf(error)}
        retryLabel={t('shell:retry')}
        onRetry={() => void refetch()}
      />
    );
  const others = (lead?.contacts ?? []).filter((other) => other.id !== contact.id);
  return (
    <div className={classes.body}>
      <div className={classes.lead}>
        <Monogram name={name} seed={contact.lead_id} size={56} />
        <p className={classes.name}>{name}</p>
      </div>
      <dl className={classes.facts}>
        <Fact label={t('lead.externalId')} value={contact.lead.external_id} />
        <Fact label={t('lead.phone')} value={lead?.phone ?? t('lead.unknown')} />
        <Fact label={t('lead.email')} value={lead?.email ?? t('lead.unknown')} />
        {lead !== undefined && <Fact label={t('lead.since')} value={time(lead.created_at)} />}
        <Fact label={t('lead.source')} value={contact.source.name} />
        <Fact label={t('lead.opened')} value={time(contact.created_at)} />
        <Fact label={t('lead.assigned')} value={time(contact.assigned_at)} />
        {contact.closed_at !== null && <Fact label={t('lead.closed')} value={time(contact.closed_at)} />}
        {contact.close_reason !== null && <Fact label={t('lead.closeReason')} value={contact.close_reason} />}
      </dl>
      <h3 className={classes.subtitle}>{t('lead.others')}</h3>
      {others.length === 0 && <p className={classes.soft}>{t('lead.noOthers')}</p>}
      <ul className={classes.others}>
        {others.map((other) => (
          <li key={other.id}>
            <Link to="/inbox/$view/{-$id}" params={(held) => ({ view: held.view ?? 'mine', id: other.id })}>
              {other.source.name}, {time(other.created_at)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
