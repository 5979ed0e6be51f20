import { Button, Group, Modal, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { TokenScope, type IssuedToken } from '../../../src/contract/access.ts';
import { queryClient } from '../api/queries.ts';
import { useIdentity } from '../api/session.ts';
import { createToken } from '../api/settings-calls.ts';
import { fieldFaults, wordsOf } from '../shell/words.ts';
import { CopyField } from '../sources/copy-field.tsx';
import { FaultLine } from '../sources/fault-line.tsx';
import { useFocusOnFault } from '../sources/use-focus-on-fault.ts';
import { useDesk } from '../state/desk-store.ts';
import { allTokens } from './queries.ts';
import classes from './settings.module.css';
import { emptyToken, tokenBodyOf, type TokenDraft } from './token-draft.ts';

/** Asks for a new token and then shows it, this once. */
export function NewTokenDialog({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation(['settings', 'shell']);
  const [issued, setIssued] = useState<IssuedToken | null>(null);
  return (
    <Modal
      opened
      onClose={onLeave}
      title={issued === null ? t('tokens.add') : t('tokens.issued', { name: issued.name })}
      size="lg"
      closeOnClickOutside={false}
      // A token that was not kept is lost: only its button leaves.
      closeOnEscape={issued === null}
      withCloseButton={issued === null}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      {issued === null ? (
        <TokenForm onIssued={setIssued} onLeave={onLeave} />
      ) : (
        <div className={classes.form}>
          <p className={classes.text}>{t('tokens.issuedText')}</p>
          <CopyField label={t('tokens.token')} text={issued.token} />
          <Group justify="flex-end">
            <Button onClick={onLeave} data-autofocus>
              {t('tokens.kept')}
            </Button>
          </Group>
        </div>
      )}
    </Modal>
  );
}

const FIELDS = ['name', 'expires_at', 'rate_limit'] as const;

type Props = { onIssued: (token: IssuedToken) => void; onLeave: () => void };

function TokenForm({ onIssued, onLeave }: Props) {
  const { t } = useTranslation(['settings', 'shell']);
  const [draft, setDraft] = useState(emptyToken);
  const making = useMutation({
    mutationFn: () => createToken(tokenBodyOf(draft)),
    // The token is for this window alone.
    gcTime: 0,
    onSuccess: (token) => {
      void queryClient.invalidateQueries({ queryKey: allTokens.queryKey });
      onIssued(token);
    },
  });
  const form = useFocusOnFault(making.error);
  const faults = fieldFaults(making.error);
  const isAtField = FIELDS.some((field) => field in faults);
  const words = (field: (typeof FIELDS)[number]) =>
    field in faults ? t(`tokens.faults.${field}`) : undefined;
  const change = (part: Partial<TokenDraft>) => setDraft((held) => ({ ...held, ...part }));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!making.isPending) making.mutate();
  }

  return (
    <form ref={form} className={classes.form} onSubmit={submit} noValidate>
      <TextInput
        label={t('tokens.name')}
        description={t('tokens.nameHint')}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={words('name')}
        autoComplete="off"
        data-autofocus
      />
      <ActsAs value={draft.operator} onChange={(operator) => change({ operator })} />
      <NativeSelect
        label={t('tokens.scope')}
        description={t(`tokens.scopeHints.${draft.scope}`)}
        value={draft.scope}
        onChange={(event) => change({ scope: TokenScope.parse(event.currentTarget.value) })}
        data={TokenScope.options.map((value) => ({ value, label: t(`tokens.scopes.${value}`) }))}
      />
      <TextInput
        type="date"
        label={t('tokens.until')}
        description={t('tokens.untilHint')}
        value={draft.until}
        onChange={(event) => change({ until: event.currentTarget.value })}
        error={words('expires_at')}
      />
      <NumberInput
        label={t('tokens.limitField')}
        description={t('tokens.limitHint')}
        value={draft.limit}
        onChange={(limit) => change({ limit: typeof limit === 'number' ? limit : '' })}
        error={words('rate_limit')}
        min={1}
        allowDecimal={false}
        allowNegative={false}
        hideControls
      />
      <FaultLine text={making.isError && !isAtField ? wordsOf(making.error) : undefined} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onLeave}>
          {t('shell:cancel')}
        </Button>
        <Button type="submit" loading={making.isPending}>
          {t('tokens.create')}
        </Button>
      </Group>
    </form>
  );
}

function ActsAs({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { t } = useTranslation(['settings', 'shell']);
  const { operator, role } = useIdentity();
  const operators = useDesk((desk) => desk.operators);
  const own =
    operator === null
      ? t('tokens.asNobody', { role: t(`shell:roles.${role}`) })
      : t('tokens.asMe', { name: operator.name });
  const others = [...operators.values()].filter((each) => each.id !== operator?.id);
  return (
    <NativeSelect
      label={t('tokens.actsAs')}
      description={t('tokens.actsAsHint')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: '', label: own },
        ...others.map((each) => ({ value: String(each.id), label: each.name })),
      ]}
    />
  );
}
