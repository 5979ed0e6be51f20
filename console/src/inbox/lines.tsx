import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { TrailStep } from '../../../src/contract/contact.ts';
import type { OperatorId } from '../../../src/contract/ids.ts';
import { type Move, readStep } from '../state/trail.ts';
import { useNow } from '../ui/clock.ts';
import { dayOf, fullTime, longDay } from '../ui/time.ts';
import { useOperatorName } from './names.ts';
import classes from './thread.module.css';

const DAY_MS = 86_400_000;

export function DayLine({ at }: { at: string }) {
  const { t, i18n } = useTranslation('inbox');
  const now = useNow();
  const day = dayOf(at);
  const words =
    day === dayOf(now)
      ? t('thread.today')
      : day === dayOf(now - DAY_MS)
        ? t('thread.yesterday')
        : longDay(at, now, i18n.language);
  return (
    <p className={classes.day}>
      <span>{words}</span>
    </p>
  );
}

export function UnreadLine() {
  const { t } = useTranslation('inbox');
  return <p className={classes.unread}>{t('thread.unread')}</p>;
}

const BY_RULE = new Set<Move['kind']>(['routed', 'handed-over', 'gone-handed-over']);

/** A move of the contact, in words; one that the rule made can be asked why. */
export function StepLine({ step, onWhy }: { step: TrailStep; onWhy: () => void }) {
  const { t, i18n } = useTranslation('inbox');
  const nameOf = useOperatorName();
  const isRule = BY_RULE.has(readStep(step).kind);
  return (
    <p className={classes.step} title={fullTime(step.at, i18n.language)}>
      {wordsOfStep(step, nameOf, t)}
      {isRule && (
        <button type="button" className={classes.whyLink} onClick={onWhy}>
          {t('trail.why')}
        </button>
      )}
    </p>
  );
}

function wordsOfStep(step: TrailStep, nameOf: (id: OperatorId) => string, t: TFunction<'inbox'>): string {
  const move = readStep(step);
  switch (move.kind) {
    case 'opened-waiting':
      return t('trail.openedWaiting');
    case 'reopened-waiting':
      return t('trail.reopenedWaiting');
    case 'reopened-by-lead':
      return t('trail.reopenedByLead');
    case 'accepted':
      return t('trail.accepted', { by: nameOf(move.by) });
    case 'declined': {
      const from = nameOf(move.from);
      return move.reason === null
        ? t('trail.declined', { from })
        : t('trail.declinedFor', { from, reason: move.reason });
    }
    case 'offer-expired':
      return t('trail.offerExpired', { from: nameOf(move.from) });
    case 'gone-waiting':
      return t('trail.goneWaiting', { from: nameOf(move.from) });
    case 'handed-over':
      return t('trail.handedOver', { from: nameOf(move.from), to: nameOf(move.to) });
    case 'gone-handed-over':
      return t('trail.goneHandedOver', { from: nameOf(move.from), to: nameOf(move.to) });
    case 'requeued':
      return t('trail.requeued');
    case 'routed':
      return t('trail.routed', { to: nameOf(move.to) });
    case 'reopened-to':
      return t('trail.reopenedTo', { to: nameOf(move.to) });
    case 'taken':
      return move.from === null
        ? t('trail.taken', { to: nameOf(move.to) })
        : t('trail.takenFrom', { to: nameOf(move.to), from: nameOf(move.from) });
    case 'given':
      return wordsOfGift(move, nameOf, t);
    case 'released': {
      const from = nameOf(move.from);
      return move.by === null || move.by === move.from
        ? t('trail.released', { from })
        : t('trail.releasedBy', { from, by: nameOf(move.by) });
    }
    case 'closed':
      return move.by === null ? t('trail.closed') : t('trail.closedBy', { by: nameOf(move.by) });
    case 'other':
      return step.type;
  }
}

type Gift = { to: OperatorId; from: OperatorId | null; by: OperatorId | null };

function wordsOfGift(
  { to, from, by }: Gift,
  nameOf: (id: OperatorId) => string,
  t: TFunction<'inbox'>,
): string {
  if (from === null)
    return by === null
      ? t('trail.given', { to: nameOf(to) })
      : t('trail.givenBy', { to: nameOf(to), by: nameOf(by) });
  const names = { to: nameOf(to), from: nameOf(from) };
  if (by === from) return t('trail.transferredByOwner', names);
  return by === null ? t('trail.transferred', names) : t('trail.transferredBy', { ...names, by: nameOf(by) });
}
