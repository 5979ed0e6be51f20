import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { addressOf, requestFile } from '../api/request.ts';
import { useSession } from '../api/session.ts';
import { tellFailure } from '../shell/toasts.ts';
import { credentialOf } from '../state/session.ts';
import { useNow } from '../ui/clock.ts';
import { filterOf, type AuditSearch } from './audit-search.ts';

const PATH = '/audit.csv';
const NAME = 'leadgate-audit.csv';

/** The log as a file. A browser shows its cookie by itself; with a token the page has to fetch it. */
export function CsvButton({ search }: { search: AuditSearch }) {
  const { t } = useTranslation('settings');
  const now = useNow();
  const isByToken = credentialOf(useSession())?.kind === 'token';
  const fetching = useMutation({ mutationFn: () => save(search), onError: tellFailure });
  const look = { variant: 'default', leftSection: <Download size={16} /> } as const;
  if (isByToken)
    return (
      <Button {...look} loading={fetching.isPending} onClick={() => fetching.mutate()}>
        {t('audit.csv')}
      </Button>
    );
  return (
    <Button {...look} component="a" href={addressOf(PATH, filterOf(search, now))} download={NAME}>
      {t('audit.csv')}
    </Button>
  );
}

async function save(search: AuditSearch): Promise<void> {
  const url = URL.createObjectURL(await requestFile(PATH, filterOf(search, Date.now())));
  const link = Object.assign(document.createElement('a'), { href: url, download: NAME });
  link.click();
  URL.revokeObjectURL(url);
}
