import { NativeSelect, Table, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SourceId } from '../../../src/contract/ids.ts';
import type { Simulation } from '../../../src/contract/simulate.ts';
import { Wide } from '../sources/wide.tsx';
import { useDesk } from '../state/desk-store.ts';
import { percent, whole } from '../ui/time.ts';
import { refusalsOf, rowsOf } from './outcome.ts';
import { PairFigure } from './pair.tsx';
import classes from './what-if.module.css';

/** Who gets how much, and why others were passed over. */
export function ResultTable({ answer }: { answer: Simulation }) {
  const { t } = useTranslation('rooms');
  const [wanted, setWanted] = useState<SourceId | null>(null);
  // A source may be gone from the next answer.
  const sourceId = answer.changed.sources.some((one) => one.source_id === wanted) ? wanted : null;
  return (
    <>
      <div className={classes.head}>
        <h3 className={classes.subheading}>{t('whatIf.result.operators')}</h3>
        {answer.changed.sources.length > 1 && (
          <SourceSelect answer={answer} sourceId={sourceId} onChange={setWanted} />
        )}
      </div>
      <Operators answer={answer} sourceId={sourceId} />
      <Refusals answer={answer} />
    </>
  );
}

type SelectProps = {
  answer: Simulation;
  sourceId: SourceId | null;
  onChange: (id: SourceId | null) => void;
};

function SourceSelect({ answer, sourceId, onChange }: SelectProps) {
  const { t } = useTranslation('rooms');
  const known = useDesk((desk) => desk.sources);
  const { sources } = answer.changed;
  const options = sources.map(({ source_id, source_code }) => ({
    value: String(source_id),
    label: known.get(source_id)?.name ?? source_code,
  }));
  return (
    <NativeSelect
      size="sm"
      aria-label={t('whatIf.result.bySource')}
      value={sourceId ?? ''}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        onChange(sources.find((one) => String(one.source_id) === chosen)?.source_id ?? null);
      }}
      data={[{ value: '', label: t('whatIf.result.allSources') }, ...options]}
    />
  );
}

function Operators({ answer, sourceId }: Omit<SelectProps, 'onChange'>) {
  const { t, i18n } = useTranslation('rooms');
  const part = (value: number) => percent(value, i18n.language);
  const points = (value: number) => t('whatIf.result.points', { value: percentPoints(value, i18n.language) });
  return (
    <Wide label={t('whatIf.result.operators')}>
      <Table verticalSpacing="xs" horizontalSpacing="lg">
        <caption>
          <VisuallyHidden>{t('whatIf.result.operators')}</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('whatIf.result.operator')}</Table.Th>
            {(['share', 'count', 'utilisation'] as const).map((column) => (
              <Table.Th key={column} scope="col" className={classes.figure}>
                {t(`whatIf.result.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rowsOf(answer, sourceId).map((row) => (
            <Table.Tr key={row.operatorId}>
              <Table.Th scope="row">{row.name}</Table.Th>
              <Table.Td className={classes.figure}>
                <PairFigure pair={row.share} show={part} showSize={points} />
              </Table.Td>
              <Table.Td className={classes.figure}>
                <PairFigure pair={row.count} show={(value) => whole(value, i18n.language)} />
              </Table.Td>
              <Table.Td className={classes.figure}>
                <PairFigure pair={row.utilisation} show={part} showSize={points} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

function percentPoints(fraction: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(fraction * 100);
}

function Refusals({ answer }: { answer: Simulation }) {
  const { t, i18n } = useTranslation(['rooms', 'inbox']);
  const refusals = refusalsOf(answer);
  return (
    <>
      <h3 className={classes.subheading}>{t('whatIf.result.refusals')}</h3>
      {refusals.length === 0 ? (
        <p className={classes.meta}>{t('whatIf.result.noRefusals')}</p>
      ) : (
        <Wide label={t('whatIf.result.refusals')}>
          <Table verticalSpacing="xs" horizontalSpacing="lg" captionSide="top">
            <caption className={classes.caption}>{t('whatIf.result.refusalsText')}</caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('whatIf.result.reason')}</Table.Th>
                <Table.Th scope="col" className={classes.figure}>
                  {t('whatIf.result.howOften')}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {refusals.map(({ reason, ...pair }) => (
                <Table.Tr key={reason}>
                  <Table.Th scope="row">{t(`inbox:why.reasons.${reason}`)}</Table.Th>
                  <Table.Td className={classes.figure}>
                    <PairFigure pair={pair} show={(value) => whole(value, i18n.language)} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
    </>
  );
}
