import { Code2, Send, Webhook } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SourceKind } from '../../../src/contract/source.ts';

const icons = { telegram: Send, webhook: Webhook, api: Code2 } as const;

export function SourceIcon({ kind, size = 13 }: { kind: SourceKind | null; size?: number }) {
  const { t } = useTranslation('inbox');
  if (kind === null) return null;
  const Icon = icons[kind];
  return <Icon size={size} role="img" aria-label={t(`kinds.${kind}`)} />;
}
