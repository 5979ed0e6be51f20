import { Button, Menu } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { SourceId } from '../../../src/contract/ids.ts';
import type { Source } from '../../../src/contract/source.ts';
import { withSource, type Load } from './load.ts';
import classes from './what-if.module.css';

type Props = {
  labelId: string;
  sources: readonly Source[];
  chosen: Load['sourceIds'];
  onChange: (chosen: Load['sourceIds']) => void;
};

/** Of which sources the contacts come. */
export function SourceChoice({ labelId, sources, chosen, onChange }: Props) {
  const { t } = useTranslation('rooms');
  const id = useId();
  const all = sources.map((source) => source.id);
  const isOn = (source: SourceId) => chosen?.has(source) ?? true;
  return (
    <Menu closeOnItemClick={false} position="bottom-start">
      <Menu.Target>
        <Button
          variant="default"
          rightSection={<ChevronDown size={16} aria-hidden />}
          aria-labelledby={`${labelId} ${id}`}
        >
          <span id={id}>
            <Chosen sources={sources} chosen={chosen} />
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.sources} aria-labelledby={labelId}>
        <Menu.Item onClick={() => onChange(null)}>{t('whatIf.load.chooseAll')}</Menu.Item>
        <Menu.Item onClick={() => onChange(new Set())}>{t('whatIf.load.chooseNone')}</Menu.Item>
        <Menu.Divider />
        {sources.map((source) => (
          <Menu.CheckboxItem
            key={source.id}
            checked={isOn(source.id)}
            onChange={() => onChange(withSource(chosen, source.id, all))}
          >
            {source.name}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Chosen({ sources, chosen }: Pick<Props, 'sources' | 'chosen'>) {
  const { t } = useTranslation('rooms');
  if (chosen === null) return t('whatIf.load.all', { all: sources.length });
  const on = sources.filter(({ id }) => chosen.has(id));
  const [only] = on;
  if (on.length === 1 && only !== undefined) return t('whatIf.load.only', { name: only.name });
  return t('whatIf.load.some', { chosen: on.length, all: sources.length });
}
