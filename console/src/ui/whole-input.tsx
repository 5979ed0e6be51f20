import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import classes from './whole-input.module.css';

type Props = {
  label: string;
  value: number;
  max: number;
  isChanged: boolean;
  isLocked?: boolean;
  onValue: (value: number) => void;
};

/** A whole number in a cell of a table; while it is retyped and blank, it counts as 0. */
export function WholeInput({ label, value, max, isChanged, isLocked = false, onValue }: Props) {
  const [isBlank, setBlank] = useState(false);
  return (
    <NumberInput
      size="sm"
      aria-label={label}
      value={isBlank && value === 0 ? '' : value}
      onChange={(next) => {
        setBlank(next === '');
        onValue(typeof next === 'number' ? next : 0);
      }}
      onBlur={() => setBlank(false)}
      min={0}
      max={max}
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
