import { NumberInput } from '@mantine/core';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperatorView } from '../../../src/contract/operator.ts';
import type { SourceView } from '../../../src/contract/source.ts';
import { percent, whole } from '../ui/time.ts';
import type { Cell } from './draft.ts';
import classes from './weights.module.css';

const MOST = 1_000_000;

type Props = {
  operator: OperatorView;
  source: SourceView;
  weight: number;
  share: number;
  isChanged: boolean;
  /** Null where the weights may only be looked at. */
  onChange: ((cell: Cell) => void) | null;
};

/** A weight and the share that it makes. */
export const WeightCell = memo(function WeightCell({
  operator,
  source,
  weight,
  share,
  isChanged,
  onChange,
}: Props) {
  const { t, i18n } = useTranslation('rooms');
  return (
    <td className={classes.cell}>
      {onChange === null ? (
        whole(weight, i18n.language)
      ) : (
        <WeightInput
          label={t('weights.cell', { operator: operator.name, source: source.name })}
          weight={weight}
          isChanged={isChanged}
          onChange={(next) => onChange({ sourceId: source.id, operatorId: operator.id, weight: next })}
        />
      )}
      <div className={classes.share}>
        {weight === 0 ? t('weights.excluded') : percent(share, i18n.language)}
      </div>
    </td>
  );
});

type InputProps = { label: string; weight: number; isChanged: boolean; onChange: (weight: number) => void };

function WeightInput({ label, weight, isChanged, onChange }: InputProps) {
  // A field that is being retyped may be blank; that counts as 0 until a digit comes.
  const [isBlank, setBlank] = useState(false);
  return (
    <NumberInput
      size="sm"
      aria-label={label}
      value={isBlank && weight === 0 ? '' : weight}
      onChange={(value) => {
        setBlank(value === '');
        onChange(typeof value === 'number' ? value : 0);
      }}
      onBlur={() => setBlank(false)}
      min={0}
      max={MOST}
      clampBehavior="strict"
      allowDecimal={false}
      allowNegative={false}
      hideControls
      classNames={{ input: classes.input }}
      attributes={{ input: { 'data-changed': isChanged } }}
    />
  );
}
