import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import type { OperatorId } from '../../../src/contract/ids.ts';
import { assignContact, closeContact, releaseContact, reopenContact, takeContact } from '../api/calls.ts';
import { Refusal } from '../api/request.ts';
import { useIdentity } from '../api/session.ts';
import { tell, tellFailure } from '../shell/toasts.ts';
import { deskStore } from '../state/desk-store.ts';
import { useOperatorName } from './names.ts';
import { rightsOf } from './rights.ts';

export function keep(contact: Contact): void {
  deskStore.dispatch({ type: 'contacts', items: [contact] });
}

/** All that can be done with a contact. Each says in a toast what became of it, with a way back. */
export function useActions(contact: Contact) {
  const { t } = useTranslation('inbox');
  const identity = useIdentity();
  const nameOf = useOperatorName();
  const rights = rightsOf(contact, identity);
  const { id } = contact;
  const me = identity.operator?.id;

  const undo =
    (action: () => Promise<Contact>, onFailure: (error: unknown) => void = tellFailure) =>
    () =>
      void action().then(keep, onFailure);

  const take = useMutation({
    // Only the one who waits can be taken; from a colleague it is assigned.
    mutationFn: () =>
      rights.takeOver && me !== undefined ? assignContact(id, { operator_id: me }) : takeContact(id),
    onSuccess: (next) => {
      keep(next);
      const before = contact.operator_id;
      tell(
        t('done.taken'),
        before === null
          ? undo(() => releaseContact(id))
          : undo(() => assignContact(id, { operator_id: before })),
      );
    },
    onError: tellFailure,
  });
  const release = useMutation({
    mutationFn: () => releaseContact(id),
    onSuccess: (next) => {
      keep(next);
      tell(t('done.released'), rights.isMine ? undo(() => takeContact(id)) : undefined);
    },
    onError: tellFailure,
  });
  const close = useMutation({
    mutationFn: (reason: string) => closeContact(id, reason.trim() === '' ? {} : { reason: reason.trim() }),
    onSuccess: (next) => {
      keep(next);
      const to = contact.operator_id === null ? {} : { operator_id: contact.operator_id };
      const onFailure = (error: unknown) => {
        if (error instanceof Refusal && error.code === 'operator-full') tell(t('done.seatGone'));
        else tellFailure(error);
      };
      tell(
        t('done.closed'),
        undo(() => reopenContact(id, to), onFailure),
      );
    },
    onError: tellFailure,
  });
  const reopen = useMutation({
    mutationFn: () =>
      reopenContact(id, contact.operator_id === me && me !== undefined ? { operator_id: me } : {}),
    onSuccess: (next) => {
      keep(next);
      tell(t(next.status === 'waiting' ? 'done.reopenedWaiting' : 'done.reopened'));
    },
    onError: tellFailure,
  });
  const transfer = useMutation({
    mutationFn: ({ to, note }: { to: OperatorId; note: string }) =>
      assignContact(id, { operator_id: to, ...(note.trim() === '' ? {} : { note: note.trim() }) }),
    onSuccess: (next, { to }) => {
      keep(next);
      tell(t('done.transferred', { name: nameOf(to) }));
    },
    onError: tellFailure,
  });

  return { rights, take, release, close, reopen, transfer };
}
export type Actions = ReturnType<typeof useActions>;
