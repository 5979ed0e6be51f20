import { useTranslation } from 'react-i18next';
import { Refusal } from '../api/request.ts';
import { wordsOf } from '../shell/words.ts';
import { placesOf, type Place } from './faults.ts';

export type Faults = Partial<Record<Place, string>>;

/** What went wrong with a run, in words at its place. */
export function useFaults(error: Error | null): Faults {
  const { t } = useTranslation('rooms');
  if (error === null) return {};
  const paths = error instanceof Refusal ? (error.body?.errors ?? []).map(({ path }) => path) : [];
  return Object.fromEntries(
    placesOf(paths).map((place) => [
      place,
      place === 'form' ? wordsOf(error) : t(`whatIf.load.faults.${place}`),
    ]),
  );
}
