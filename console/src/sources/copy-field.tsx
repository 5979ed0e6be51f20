import { Button, Textarea } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './sources.module.css';

/** A text to be taken elsewhere, with a button that copies it. */
export function CopyField({ label, text, rows = 1 }: { label: string; text: string; rows?: number }) {
  const { t } = useTranslation(['rooms', 'shell']);
  const field = useRef<HTMLTextAreaElement>(null);
  const [isCopied, setCopied] = useState(false);

  async function copy() {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Browsers give the clipboard to https alone; the older way works on plain http too.
      setCopied(document.execCommand('copy'));
    }
  }

  return (
    <div className={classes.copy}>
      <Textarea
        ref={field}
        label={label}
        value={text}
        readOnly
        rows={rows}
        spellCheck={false}
        classNames={{ input: classes.mono }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button
        variant="default"
        aria-label={t('sources.copyOf', { label })}
        leftSection={isCopied ? <Check size={16} /> : <Copy size={16} />}
        onClick={() => void copy()}
      >
        <span aria-live="polite">{t(isCopied ? 'shell:copied' : 'shell:copy')}</span>
      </Button>
    </div>
  );
}
