import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Strategy } from '../../../src/contract/decision.ts';
import { OnOffline } from '../../../src/contract/source.ts';
import classes from './sources.module.css';
import type { SourceDraft } from './source-draft.ts';

export type FieldProps = {
  draft: SourceDraft;
  faults: Record<string, string>;
  onChange: (part: Partial<SourceDraft>) => void;
};

/** The rule by which the source chooses among its operators, with what the chosen one does. */
export function StrategyField({ draft, faults, onChange }: FieldProps) {
  const { t } = useTranslation('rooms');
  return (
    <NativeSelect
      label={t('sources.strategy')}
      description={t(`sources.strategyHints.${draft.strategy}`)}
      value={draft.strategy}
      onChange={(event) => onChange({ strategy: Strategy.parse(event.currentTarget.value) })}
      error={faults.strategy}
      data={Strategy.options.map((value) => ({ value, label: t(`sources.strategies.${value}`) }))}
    />
  );
}

/** What becomes of the contacts of an operator who goes offline. */
export function OfflineField({ draft, faults, onChange }: FieldProps) {
  const { t } = useTranslation('rooms');
  return (
    <NativeSelect
      label={t('sources.onOffline')}
      description={t(`sources.onOfflineHints.${draft.onOffline}`)}
      value={draft.onOffline}
      onChange={(event) => onChange({ onOffline: OnOffline.parse(event.currentTarget.value) })}
      error={faults.on_offline}
      data={OnOffline.options.map((value) => ({ value, label: t(`sources.onOfflineChoices.${value}`) }))}
    />
  );
}

const numbers = [
  { words: 'offerSeconds', field: 'offer_seconds', least: 0, most: 3_600 },
  { words: 'reopenMinutes', field: 'reopen_minutes', least: 0, most: 43_200 },
  { words: 'priority', field: 'priority', least: 0, most: 1_000 },
  { words: 'retentionDays', field: 'retention_days', least: 1, most: 3_650 },
] as const;

/** How long an offer, the way back and what was said last, and whose contacts come first. */
export function RuleNumbers({ draft, faults, onChange }: FieldProps) {
  const { t } = useTranslation('rooms');
  return numbers.map(({ words, field, least, most }) => (
    <NumberInput
      key={field}
      label={t(`sources.${words}`)}
      description={t(`sources.${words}Hint`)}
      value={draft[words]}
      onChange={(value) => onChange({ [words]: typeof value === 'number' ? value : '' })}
      error={faults[field]}
      min={least}
      max={most}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
    />
  ));
}

/** What a Telegram source is asked for beside its name; with a hint at its token, that one stays unless another is given. */
export function TelegramFields({ draft, faults, onChange, tokenHint }: FieldProps & { tokenHint?: string }) {
  const { t } = useTranslation('rooms');
  return (
    <>
      <TextInput
        label={t('sources.telegramToken')}
        description={tokenHint === undefined ? t('sources.telegramTokenHint') : t('sources.tokenStays')}
        placeholder={tokenHint === undefined ? undefined : `…${tokenHint}`}
        value={draft.token}
        onChange={(event) => onChange({ token: event.currentTarget.value })}
        error={faults.token}
        classNames={{ input: classes.mono }}
        required={tokenHint === undefined}
        withAsterisk={false}
        autoComplete="off"
        spellCheck={false}
      />
      <NativeSelect
        label={t('sources.mode')}
        value={draft.mode}
        onChange={(event) =>
          onChange({ mode: event.currentTarget.value === 'webhook' ? 'webhook' : 'polling' })
        }
        error={faults.mode}
        data={[
          { value: 'polling', label: t('sources.polling') },
          { value: 'webhook', label: t('sources.webhookMode') },
        ]}
      />
      <TextInput
        label={t('sources.apiRoot')}
        type="url"
        placeholder="https://api.telegram.org"
        value={draft.apiRoot}
        onChange={(event) => onChange({ apiRoot: event.currentTarget.value })}
        error={faults.api_root}
      />
    </>
  );
}

/** What a webhook source is asked for beside its name. */
export function WebhookFields({ draft, faults, onChange }: FieldProps) {
  const { t } = useTranslation('rooms');
  return (
    <>
      <NativeSelect
        label={t('sources.auth')}
        value={draft.auth}
        onChange={(event) =>
          onChange({ auth: event.currentTarget.value === 'standard' ? 'standard' : 'bearer' })
        }
        data={[
          { value: 'bearer', label: t('sources.bearer') },
          { value: 'standard', label: t('sources.standard') },
        ]}
      />
      <TextInput
        label={t('sources.callbackUrl')}
        type="url"
        value={draft.callbackUrl}
        onChange={(event) => onChange({ callbackUrl: event.currentTarget.value })}
        error={faults.callback_url}
      />
      <NumberInput
        label={t('sources.rateLimit')}
        description={t('sources.rateLimitHint')}
        value={draft.rateLimit}
        onChange={(value) => onChange({ rateLimit: typeof value === 'number' ? value : '' })}
        error={faults.rate_limit}
        min={1}
        max={6_000_000}
        clampBehavior="none"
        allowDecimal={false}
        allowNegative={false}
        hideControls
      />
    </>
  );
}
