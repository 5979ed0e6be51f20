import { NumberInput } from '@mantine/core';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperatorId, SourceId } from '../../../src/contract/ids.ts';
import { percent, whole } from '../ui/time.ts';
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
  const { operatorId, sourceId, weight, share, onChange } = props;
  const { t, i18n } = useTranslation('rooms');
  return (
    <td className={classes.cell}>
      {onChange === null ? (
        whole(weight, i18n.language)
      ) : (
        <WeightInput {...props} onWeight={(next) => onChange({ sourceId, operatorId, weight: next })} />
      )}
      <div className={classes.share}>
        {weight === 0 ? t('weights.excluded') : percent(share, i18n.language)}
      </div>
    </td>
  );
});

type InputProps = Pick<Props, 'label' | 'weight' | 'isChanged' | 'isLocked'> & {
  onWeight: (weight: number) => void;
};

function WeightInput({ label, weight, isChanged, isLocked, onWeight }: InputProps) {
  // A field that is being retyped may be blank; that counts as 0 until a digit comes.
  const [isBlank, setBlank] = useState(false);
  return (
    <NumberInput
      size="sm"
      aria-label={label}
      value={isBlank && weight === 0 ? '' : weight}
      onChange={(value) => {
        setBlank(value === '');
        onWeight(typeof value === 'number' ? value : 0);
      }}
      onBlur={() => setBlank(false)}
      min={0}
      max={MOST}
      clampBehavior="strict"
      allowDecimal={false}
      allowNegative={false}
      hideControls
      readOnly={isLocked}
      classNames={{ input: classes.input }}
      attributes={{ input: { 'data-changed': isChanged } }}
    />
  );
}
