import { Switch } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperatorId, SourceId } from '../../../src/contract/ids.ts';
import { percent, whole } from '../ui/time.ts';
import { WholeInput } from '../ui/whole-input.tsx';
import { Becomes } from './becomes.tsx';
import type { Difference } from './draft.ts';
import classes from './edit-grid.module.css';

const MOST_CAP = 10_000;
const MOST_WEIGHT = 1_000_000;

type Props<T> = {
  operatorId: OperatorId;
  /** Of the operator. */
  name: string;
  was: T;
  is: T;
  onEdit: (edit: Difference) => void;
};

export const ActiveCell = memo(function ActiveCell({ operatorId, name, was, is, onEdit }: Props<boolean>) {
  const { t } = useTranslation('rooms');
  return (
    <td className={classes.active}>
      <Switch
        aria-label={t('whatIf.edits.activeOf', { name })}
        checked={is}
        onChange={() => onEdit({ kind: 'active', operatorId, value: !is, was })}
      />
      {is !== was && <Now value={t(was ? 'whatIf.edits.isActive' : 'whatIf.edits.isInactive')} />}
    </td>
  );
});

export const CapCell = memo(function CapCell({ operatorId, name, was, is, onEdit }: Props<number>) {
  const { t, i18n } = useTranslation('rooms');
  return (
    <td className={classes.cap}>
      <WholeInput
        label={t('whatIf.edits.capOf', { name })}
        value={is}
        max={MOST_CAP}
        isChanged={is !== was}
        onValue={(value) => onEdit({ kind: 'cap', operatorId, value, was })}
      />
      {is !== was && <Now value={whole(was, i18n.language)} />}
    </td>
  );
});

type WeightProps = Props<number> & { sourceId: SourceId; sourceName: string };

/** A weight, and the share that it makes. */
export function WeightCell({ sums, ...weight }: WeightProps & { sums: { was: number; is: number } }) {
  const { t, i18n } = useTranslation('rooms');
  const share = (part: number, sum: number) =>
    part === 0 ? t('weights.excluded') : percent(part / sum, i18n.language);
  return (
    <td className={classes.weight}>
      <WeightInput {...weight} />
      <div className={classes.soft}>
        <Becomes was={share(weight.was, sums.was)} is={share(weight.is, sums.is)} />
      </div>
    </td>
  );
}

// Apart from the share: that of a whole column changes with each key that is pressed.
const WeightInput = memo(function WeightInput(props: WeightProps) {
  const { operatorId, sourceId, name, sourceName, was, is, onEdit } = props;
  const { t, i18n } = useTranslation('rooms');
  return (
    <>
      <WholeInput
        label={t('whatIf.edits.weightOf', { operator: name, source: sourceName })}
        value={is}
        max={MOST_WEIGHT}
        isChanged={is !== was}
        onValue={(value) => onEdit({ kind: 'weight', sourceId, operatorId, value, was })}
      />
      {is !== was && <Now value={whole(was, i18n.language)} />}
    </>
  );
});

/** What stands now, below what is tried. */
export function Now({ value }: { value: string }) {
  const { t } = useTranslation('rooms');
  return <div className={classes.now}>{t('whatIf.edits.now', { value })}</div>;
}
