import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperatorId, SourceId } from '../../../src/contract/ids.ts';
import { percent, whole } from '../ui/time.ts';
import { WholeInput } from '../ui/whole-input.tsx';
import type { Cell } from './draft.ts';
import classes from './weights.module.css';

const MOST = 1_000_000;

type Props = {
  operatorId: OperatorId;
  sourceId: SourceId;
  label: string;
  weight: number;
  share: number;
  isChanged: boolean;
  isLocked: boolean;
  /** Null where the weights may only be looked at. */
  onChange: ((cell: Cell) => void) | null;
};

/** A weight and the share that it makes. */
export const WeightCell = memo(function WeightCell(props: Props) {
  const { operatorId, sourceId, label, weight, share, isChanged, isLocked, onChange } = props;
  const { t, i18n } = useTranslation('rooms');
  return (
    <td className={classes.cell}>
      {onChange === null ? (
        whole(weight, i18n.language)
      ) : (
        <WholeInput
          label={label}
          value={weight}
          max={MOST}
          isChanged={isChanged}
          isLocked={isLocked}
          onValue={(next) => onChange({ sourceId, operatorId, weight: next })}
        />
      )}
      <div className={classes.share}>
        {weight === 0 ? t('weights.excluded') : percent(share, i18n.language)}
      </div>
    </td>
  );
});
