import { Loader, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import type { Candidate, Decision } from '../../../src/contract/decision.ts';
import { decisionsOf } from '../api/queries.ts';
import { wordsOf } from '../shell/words.ts';
import { Failure } from '../ui/failure.tsx';
import { fullTime, percent, whole } from '../ui/time.ts';
import { useOperatorName } from './names.ts';
import classes from './side.module.css';

/** The rule's own words: who could have got the contact, why the others could not, and what was drawn. */
export function Why({ contact }: { contact: Contact }) {
  const { t } = useTranslation(['inbox', 'shell', 'problems']);
  const { data, error, refetch } = useQuery(decisionsOf(contact.id, contact.version));

  if (error !== null)
    return (
      <Failure
        title={t('why.failed')}
        text={wordsOf(error)}
        retryLabel={t('shell:retry')}
        onRetry={() => void refetch()}
      />
    );
  if (data === undefined) return <Loader size="sm" m="md" />;
  const [latest, ...earlier] = data.items;
  if (latest === undefined) return <p className={classes.soft}>{t('why.none')}</p>;
  const isByHand = contact.operator_id !== null && latest.operator_id !== contact.operator_id;
  return (
    <div className={classes.body}>
      {isByHand && <p className={classes.soft}>{t('why.taken')}</p>}
      <DecisionWords decision={latest} />
      {earlier.length > 0 && <h3 className={classes.subtitle}>{t('why.earlier')}</h3>}
      {earlier.map((decision) => (
        <details key={decision.id} className={classes.earlier}>
          <summary>
            <Summary decision={decision} />
          </summary>
          <DecisionWords decision={decision} />
        </details>
      ))}
    </div>
  );
}

function Summary({ decision }: { decision: Decision }) {
  const { t, i18n } = useTranslation('inbox');
  return `${fullTime(decision.at, i18n.language)}: ${t(`why.triggers.${decision.trigger}`)}`;
}

function DecisionWords({ decision }: { decision: Decision }) {
  const { t, i18n } = useTranslation('inbox');
  const nameOf = useOperatorName();
  const { operator_id: chosen, total_weight: total } = decision;
  return (
    <>
      <p className={classes.verdict}>
        {chosen === null ? t('why.waiting') : t('why.assigned', { name: nameOf(chosen) })}
      </p>
      <Reasons decision={decision} />
      <Candidates decision={decision} />
      <dl className={classes.facts}>
        <Pair label={t('why.trigger')} value={t(`why.triggers.${decision.trigger}`)} />
        <Pair label={t('why.at')} value={fullTime(decision.at, i18n.language)} />
        <Pair label={t('why.total')} value={whole(total, i18n.language)} />
        <Pair label={t('why.config')} value={whole(decision.config_version, i18n.language)} />
      </dl>
    </>
  );
}

/** Why it was the chosen one: by the return policy or by the strategy, and whom that would have chosen next. */
function Reasons({ decision }: { decision: Decision }) {
  const { t } = useTranslation('inbox');
  const nameOf = useOperatorName();
  const { candidates, operator_id: chosen, rule, runner_up: next, strategy } = decision;
  if (chosen === null) return null;
  if (rule === 'prefer_last') return <p>{t('why.byLast')}</p>;
  const winner = candidates.find((candidate) => candidate.operator_id === chosen);
  return (
    <>
      <p>{t(`why.byStrategy.${strategy}`, { name: nameOf(chosen) })}</p>
      {winner !== undefined && (
        <p>
          <Numbers decision={decision} winner={winner} />
        </p>
      )}
      {next !== null && (
        <p>{t('why.next', { name: nameOf(next.operator_id), load: next.load, max: next.max_load })}</p>
      )}
    </>
  );
}

/** The numbers of the chosen one that its strategy went by. */
function Numbers({ decision, winner }: { decision: Decision; winner: Candidate }) {
  const { t, i18n } = useTranslation('inbox');
  const { draw, strategy, total_weight: total } = decision;
  const { load, max_load: max, weight, weight_before: from } = winner;
  const name = useOperatorName()(winner.operator_id);
  const share = percent(weight / total, i18n.language);
  switch (strategy) {
    case 'weighted_random':
      if (draw === null) return null;
      return `${t('why.draw', { draw, name, max: total - 1, from, to: from + weight - 1 })} ${t('why.chance', { name, share })}`;
    case 'smooth_weighted':
      return t('why.share', { name, share });
    case 'least_loaded':
      return t('why.inUse', { name, load, max });
  }
}

function Candidates({ decision }: { decision: Decision }) {
  const { t } = useTranslation('inbox');
  const nameOf = useOperatorName();
  if (decision.candidates.length === 0) return <p className={classes.soft}>{t('why.noCandidates')}</p>;
  const verdictOf = (candidate: Candidate): string => {
    if (candidate.reason !== null) return t(`why.reasons.${candidate.reason}`);
    return t(candidate.operator_id === decision.operator_id ? 'why.chosen' : 'why.eligible');
  };
  return (
    <Table
      className={classes.candidates}
      aria-label={t('why.candidates')}
      horizontalSpacing={4}
      verticalSpacing={4}
      fz="xs"
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('why.operator')}</Table.Th>
          <Table.Th>{t('why.weight')}</Table.Th>
          <Table.Th>{t('why.load')}</Table.Th>
          <Table.Th>{t('why.verdict')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {decision.candidates.map((candidate) => (
          <Table.Tr key={candidate.operator_id} data-chosen={candidate.operator_id === decision.operator_id}>
            <Table.Td>{nameOf(candidate.operator_id)}</Table.Td>
            <Table.Td>{candidate.weight}</Table.Td>
            <Table.Td>
              {candidate.load}/{candidate.max_load}
            </Table.Td>
            <Table.Td>{verdictOf(candidate)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Pair({ label, value }: { label: string; value: string }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
