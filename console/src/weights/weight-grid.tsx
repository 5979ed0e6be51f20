import { VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Operator } from '../../../src/contract/operator.ts';
import type { SourceView } from '../../../src/contract/source.ts';
import { SourceIcon } from '../inbox/source-icon.tsx';
import { Wide } from '../sources/wide.tsx';
import { sumOf, type Cell } from './draft.ts';
import type { WeightBook } from './use-weights.ts';
import { WeightCell } from './weight-cell.tsx';
import classes from './weights.module.css';

type Props = {
  operators: readonly Operator[];
  sources: readonly SourceView[];
  book: Pick<WeightBook, 'draft' | 'weights'>;
  /** While what is shown is being saved. */
  isLocked: boolean;
  onChange: ((cell: Cell) => void) | null;
};

/** Operators down, sources across; the shares of a source make up 100 %. */
export function WeightGrid({ operators, sources, book, isLocked, onChange }: Props) {
  const { t } = useTranslation('rooms');
  const sums = new Map([...book.weights].map(([id, weights]) => [id, sumOf(weights)]));
  return (
    <Wide label={t('weights.title')}>
      <table className={classes.grid}>
        <caption>
          <VisuallyHidden>{t('weights.title')}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('weights.operator')}</th>
            {sources.map((source) => (
              <SourceHeader key={source.id} source={source} sum={sums.get(source.id) ?? 0} />
            ))}
          </tr>
        </thead>
        <tbody>
          {operators.map((operator) => (
            <tr key={operator.id}>
              <OperatorHeader operator={operator} />
              {sources.map((source) => {
                const weight = book.weights.get(source.id)?.get(operator.id) ?? 0;
                return (
                  <WeightCell
                    key={source.id}
                    operatorId={operator.id}
                    sourceId={source.id}
                    label={t('weights.cell', { operator: operator.name, source: source.name })}
                    weight={weight}
                    share={weight / Math.max(1, sums.get(source.id) ?? 0)}
                    isChanged={book.draft.get(source.id)?.changed.has(operator.id) ?? false}
                    isLocked={isLocked}
                    onChange={onChange}
                  />
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function SourceHeader({ source, sum }: { source: SourceView; sum: number }) {
  const { t } = useTranslation('rooms');
  return (
    <th scope="col">
      <SourceIcon kind={source.kind} /> {source.name}
      {sum === 0 && <div className={classes.warn}>{t('weights.allZero')}</div>}
    </th>
  );
}

function OperatorHeader({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  return (
    <th scope="row">
      {operator.name}
      {!operator.is_active && <div className={classes.soft}>{t('me.inactive')}</div>}
    </th>
  );
}
