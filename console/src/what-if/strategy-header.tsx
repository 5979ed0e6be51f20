import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Strategy } from '../../../src/contract/decision.ts';
import type { Source } from '../../../src/contract/source.ts';
import { SourceIcon } from '../inbox/source-icon.tsx';
import { triedOf, type Difference, type Draft } from './draft.ts';
import { Now } from './edit-cells.tsx';
import classes from './edit-grid.module.css';

type Props = { source: Source; draft: Draft; onEdit: (edit: Difference) => void };

/** A source, and the rule by which it would choose. */
export function StrategyHeader({ source, draft, onEdit }: Props) {
  const { t } = useTranslation('rooms');
  const { id: sourceId, name, kind, strategy: was } = source;
  const is = triedOf(draft, { kind: 'strategy', sourceId, value: was });
  return (
    <th scope="col" className={classes.source}>
      <div className={classes.name}>
        <SourceIcon kind={kind} /> {name}
      </div>
      {!source.is_active && <div className={classes.soft}>{t('whatIf.edits.off')}</div>}
      <NativeSelect
        size="xs"
        aria-label={t('whatIf.edits.strategyOf', { source: name })}
        value={is}
        onChange={(event) =>
          onEdit({ kind: 'strategy', sourceId, value: Strategy.parse(event.currentTarget.value), was })
        }
        data={Strategy.options.map((value) => ({ value, label: t(`sources.strategies.${value}`) }))}
        classNames={{ input: classes.select }}
        attributes={{ input: { 'data-changed': is !== was } }}
      />
      {is !== was && <Now value={t(`sources.strategies.${was}`)} />}
    </th>
  );
}
