import { useTranslation } from 'react-i18next';
import type { OperatorView } from '../../../src/contract/operator.ts';
import { StatusDot, type Tone } from '../ui/status-dot.tsx';
import classes from './operators.module.css';

function toneOf({ presence, availability }: OperatorView): Tone {
  if (presence === 'offline') return 'off';
  return availability === 'available' ? 'good' : 'warn';
}

/** Whether the operator is here, and its own switch. */
export function OperatorState({ operator }: { operator: OperatorView }) {
  const { t } = useTranslation();
  return (
    <span className={classes.state}>
      <StatusDot tone={toneOf(operator)} />
      {t(`me.${operator.availability}`)}, {t(`presence.${operator.presence}`)}
    </span>
  );
}
