import { TextInput, VisuallyHidden } from '@mantine/core';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Wide } from '../sources/wide.tsx';
import { triedOf, sumsOf, type Present } from './draft.ts';
import { ActiveCell, CapCell, WeightCell } from './edit-cells.tsx';
import { StrategyHeader } from './strategy-header.tsx';
import type { Bench } from './use-bench.ts';
import classes from './what-if.module.css';
import grid from './edit-grid.module.css';

/** From so many operators on, they can be looked for by name. */
const MANY = 10;

/** Operators down with their caps, sources across with their strategies; what is edited stands beside what is now. */
export function EditGrid({ bench }: { bench: Bench }) {
  const { t } = useTranslation('rooms');
  const [wanted, setWanted] = useState('');
  const { operators } = bench.present;
  const sought = wanted.trim().toLowerCase();
  const shown = operators.filter(({ name }) => name.toLowerCase().includes(sought));
  return (
    <>
      <div className={classes.head}>
        <h2 className={classes.heading}>{t('whatIf.edits.title')}</h2>
        {operators.length >= MANY && (
          <TextInput
            type="search"
            leftSection={<Search size={16} aria-hidden />}
            aria-label={t('whatIf.edits.find')}
            placeholder={t('whatIf.edits.find')}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
        )}
      </div>
      <Wide label={t('whatIf.edits.title')}>
        <table className={grid.grid}>
          <caption>
            <VisuallyHidden>{t('whatIf.edits.title')}</VisuallyHidden>
          </caption>
          <thead>
            <tr>
              <th scope="col">{t('whatIf.edits.operator')}</th>
              <th scope="col">{t('whatIf.edits.active')}</th>
              <th scope="col">{t('whatIf.edits.cap')}</th>
              {bench.chosen.map((source) => (
                <StrategyHeader key={source.id} source={source} draft={bench.draft} onEdit={bench.edit} />
              ))}
            </tr>
          </thead>
          <Rows bench={bench} operators={shown} />
        </table>
        {shown.length === 0 && <p className={grid.nobody}>{t('whatIf.edits.foundNobody')}</p>}
      </Wide>
    </>
  );
}

function Rows({ bench, operators }: { bench: Bench; operators: Present['operators'] }) {
  const { present, draft, chosen, edit } = bench;
  const columns = chosen.map(({ id, name }) => {
    const weights = present.weights.get(id) ?? new Map();
    return { sourceId: id, sourceName: name, weights, sums: sumsOf(weights, draft, id) };
  });
  return (
    <tbody>
      {operators.map(({ id: operatorId, name, is_active: isActive, max_load: cap }) => (
        <tr key={operatorId}>
          <th scope="row">{name}</th>
          <ActiveCell
            operatorId={operatorId}
            name={name}
            was={isActive}
            is={triedOf(draft, { kind: 'active', operatorId, value: isActive })}
            onEdit={edit}
          />
          <CapCell
            operatorId={operatorId}
            name={name}
            was={cap}
            is={triedOf(draft, { kind: 'cap', operatorId, value: cap })}
            onEdit={edit}
          />
          {columns.map(({ sourceId, sourceName, weights, sums }) => {
            const was = weights.get(operatorId) ?? 0;
            return (
              <WeightCell
                key={sourceId}
                operatorId={operatorId}
                sourceId={sourceId}
                name={name}
                sourceName={sourceName}
                was={was}
                is={triedOf(draft, { kind: 'weight', sourceId, operatorId, value: was })}
                sums={sums}
                onEdit={edit}
              />
            );
          })}
        </tr>
      ))}
    </tbody>
  );
}
