import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { FlaskConical } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Source, SourceView } from '../../../src/contract/source.ts';
import { useOperators } from '../operators/use-operators.ts';
import { Asked } from '../sources/asked.tsx';
import { useSources } from '../sources/use-sources.ts';
import { Notice } from '../ui/notice.tsx';
import { Card, Page } from '../ui/page.tsx';
import { WhatIfDesk } from './what-if-desk.tsx';

function isWhole(source: SourceView): source is Source {
  return 'strategy' in source;
}

/** Other weights, caps and strategies, tried before they are applied. */
export function WhatIfPage() {
  const { t } = useTranslation('rooms');
  const { query: askedSources, sources } = useSources();
  const { query: askedOperators, operators } = useOperators();
  return (
    <Page title={t('whatIf.title')} text={t('whatIf.text')}>
      <Asked query={askedSources}>
        {() => (
          <Asked query={askedOperators}>
            {() => {
              if (sources.length === 0) return <Nothing of="Sources" to="/sources" />;
              if (operators.length === 0) return <Nothing of="Operators" to="/operators" />;
              return <WhatIfDesk sources={sources.filter(isWhole)} operators={operators} />;
            }}
          </Asked>
        )}
      </Asked>
    </Page>
  );
}

type NothingProps = { of: 'Sources' | 'Operators'; to: '/sources' | '/operators' };

/** There is nothing to try anything with: the way to where it is added. */
function Nothing({ of, to }: NothingProps) {
  const { t } = useTranslation('rooms');
  return (
    <Card>
      <Notice
        icon={<FlaskConical size={26} />}
        title={t(`whatIf.no${of}`)}
        text={t(`whatIf.no${of}Text`)}
        action={
          <Anchor component={Link} to={to}>
            {t(`whatIf.to${of}`)}
          </Anchor>
        }
      />
    </Card>
  );
}
