import { Stack } from '@mantine/core';
import { Scale } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SourceView } from '../../../src/contract/source.ts';
import type { Operator } from '../../../src/contract/operator.ts';
import { useIdentity } from '../api/session.ts';
import { useOperators } from '../operators/use-operators.ts';
import { Asked } from '../sources/asked.tsx';
import { FaultLine } from '../sources/fault-line.tsx';
import { LeaveGuard } from '../sources/leave-guard.tsx';
import { useSources } from '../sources/use-sources.ts';
import { Notice } from '../ui/notice.tsx';
import { Card, Page } from '../ui/page.tsx';
import { countChanges } from './draft.ts';
import { Unsaved } from './unsaved.tsx';
import { useSaving } from './use-saving.ts';
import { useWeights } from './use-weights.ts';
import { WeightGrid } from './weight-grid.tsx';

/** Who gets which part of each source's traffic. */
export function WeightsPage() {
  const { t } = useTranslation('rooms');
  const mayChange = useIdentity().role === 'admin';
  const { query: askedSources, sources } = useSources();
  const { query: askedOperators, operators } = useOperators();
  const isEmpty = sources.length === 0 || operators.length === 0;
  return (
    <Page
      title={t('weights.title')}
      text={mayChange ? t('weights.text') : `${t('weights.text')} ${t('readOnly')}`}
    >
      <Asked query={askedSources}>
        {() => (
          <Asked query={askedOperators}>
            {() =>
              isEmpty ? (
                <Card>
                  <Notice
                    icon={<Scale size={26} />}
                    title={t('weights.emptyTitle')}
                    text={t('weights.emptyText')}
                  />
                </Card>
              ) : (
                <WeightDesk sources={sources} operators={operators} mayChange={mayChange} />
              )
            }
          </Asked>
        )}
      </Asked>
    </Page>
  );
}

type Props = { sources: readonly SourceView[]; operators: readonly Operator[]; mayChange: boolean };

function WeightDesk({ sources, operators, mayChange }: Props) {
  const { t } = useTranslation('rooms');
  const book = useWeights(sources);
  const { draft, setDraft, query, change } = book;
  const saving = useSaving(book);
  const count = countChanges(draft);
  const conflicts = sources.filter(({ id }) => saving.data?.includes(id) && draft.has(id));
  return (
    <Asked query={query}>
      {() => (
        <>
          <Stack gap="sm" mb={conflicts.length > 0 ? 'md' : 0}>
            {conflicts.map(({ id, name }) => (
              <FaultLine key={id} text={t('weights.changedMeanwhile', { source: name })} />
            ))}
          </Stack>
          <WeightGrid
            sources={sources}
            operators={operators}
            book={book}
            isLocked={saving.isPending}
            onChange={mayChange ? change : null}
          />
          {count > 0 && (
            <>
              <Unsaved
                count={count}
                isSaving={saving.isPending}
                onSave={() => saving.mutate()}
                onReset={() => setDraft(new Map())}
              />
              <LeaveGuard title={t('weights.leave')} />
            </>
          )}
        </>
      )}
    </Asked>
  );
}
