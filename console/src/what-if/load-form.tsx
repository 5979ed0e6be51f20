import { NumberInput, SegmentedControl } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Source } from '../../../src/contract/source.ts';
import { Card } from '../ui/page.tsx';
import { periods, type Load } from './load.ts';
import { SourceChoice } from './source-choice.tsx';
import type { Faults } from './use-faults.ts';
import classes from './what-if.module.css';

type Props = {
  load: Load;
  sources: readonly Source[];
  faults: Faults;
  onChange: (part: Partial<Load>) => void;
};

const kinds = ['history', 'synthetic'] as const;

/** Which contacts come in the run. */
export function LoadForm({ load, sources, faults, onChange }: Props) {
  const { t } = useTranslation('rooms');
  return (
    <Card label={t('whatIf.load.title')}>
      <div className={classes.load}>
        <Choice
          label={t('whatIf.load.kind')}
          value={load.kind}
          values={kinds.map((value) => ({ value, label: t(`whatIf.load.${value}`) }))}
          onChange={(kind) => onChange({ kind })}
        />
        {load.kind === 'synthetic' && <Synthetic load={load} faults={faults} onChange={onChange} />}
        <Choice
          label={t('whatIf.load.period')}
          value={load.period}
          values={periods.map((value) => ({ value, label: t(`whatIf.load.${value}`) }))}
          fault={faults.period}
          onChange={(period) => onChange({ period })}
        />
        <Field label={t('whatIf.load.sources')} fault={faults.sources}>
          {(label) => (
            <SourceChoice
              labelId={label}
              sources={sources}
              chosen={load.sourceIds}
              onChange={(sourceIds) => onChange({ sourceIds })}
            />
          )}
        </Field>
      </div>
    </Card>
  );
}

function Synthetic({ load, faults, onChange }: Omit<Props, 'sources'>) {
  const { t } = useTranslation('rooms');
  const fields = [
    ['rate', faults.rate],
    ['minutes', faults.handling_time],
  ] as const;
  return fields.map(([field, fault]) => (
    <NumberInput
      key={field}
      className={classes.number}
      label={t(`whatIf.load.${field}`)}
      value={load[field]}
      onChange={(value) => onChange({ [field]: typeof value === 'number' ? value : '' })}
      error={fault}
      min={0}
      allowNegative={false}
      clampBehavior="none"
      decimalScale={2}
    />
  ));
}

type ChoiceProps<T extends string> = {
  label: string;
  value: T;
  values: { value: T; label: string }[];
  fault?: string;
  onChange: (value: T) => void;
};

function Choice<T extends string>({ label, value, values, fault, onChange }: ChoiceProps<T>) {
  return (
    <Field label={label} fault={fault}>
      {(labelId) => (
        <SegmentedControl<T> aria-labelledby={labelId} value={value} onChange={onChange} data={values} />
      )}
    </Field>
  );
}

type FieldProps = { label: string; fault: string | undefined; children: (labelId: string) => ReactNode };

/** A labelled control that is no text field, with its fault. */
function Field({ label, fault, children }: FieldProps) {
  const id = useId();
  return (
    <div>
      <div id={id} className={classes.label}>
        {label}
      </div>
      {children(id)}
      {fault !== undefined && (
        <p role="alert" className={classes.fault}>
          {fault}
        </p>
      )}
    </div>
  );
}
