import { Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Availability, Operator } from '../../../src/contract/operator.ts';
import { updateOperator } from '../api/calls.ts';
import { deskStore, useDesk } from '../state/desk-store.ts';
import { StatusDot, type Tone } from '../ui/status-dot.tsx';
import classes from './frame.module.css';
import { tellFailure } from './toasts.ts';

const tones: Record<Availability, Tone> = { available: 'good', paused: 'warn', finishing: 'warn' };

/** Changes one's own availability; the gateway alone says what it has become. */
export function useAvailability() {
  return useMutation({
    mutationFn: ({ me, availability }: { me: Operator; availability: Availability }) =>
      updateOperator(me.id, { availability }),
    onSuccess: (operator) => deskStore.dispatch({ type: 'operators', items: [operator] }),
    onError: tellFailure,
  });
}

/** My switch and my load: "Available, 3 of 5". */
export function OwnState() {
  const { t } = useTranslation();
  const me = useDesk((desk) => desk.me);
  // My load is the number of my contacts, and that follows every event.
  const load = useDesk((desk) => (desk.cursor === null ? (desk.me?.load ?? 0) : desk.counts.mine));
  const change = useAvailability();
  if (me === null) return null;

  const state = me.is_active ? t(`me.${me.availability}`) : t('me.inactive');
  const choose = (availability: Availability) => change.mutate({ me, availability });
  return (
    <Menu width={260}>
      <Menu.Target>
        <button type="button" className={classes.state}>
          <StatusDot tone={me.is_active ? tones[me.availability] : 'bad'} />
          {state}
          <span className={classes.load}>{t('me.load', { load, max: me.max_load })}</span>
          <ChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['available', 'paused'] as const).map((availability) => (
          <Menu.Item
            key={availability}
            leftSection={<StatusDot tone={tones[availability]} />}
            onClick={() => choose(availability)}
            aria-current={me.availability === availability}
          >
            <b>{t(`me.${availability}`)}</b>
            <br />
            <span className={classes.load}>{t(`me.${availability}Hint`)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
