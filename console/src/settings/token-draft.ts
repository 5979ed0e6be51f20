import type { z } from 'zod';
import type { TokenCreate, TokenScope } from '../../../src/contract/access.ts';
import { OperatorId } from '../../../src/contract/ids.ts';

/** What stands in the form of a new token; `operator` is an id as text, `until` a day, both may be blank. */
export type TokenDraft = {
  name: string;
  operator: string;
  scope: TokenScope;
  until: string;
  limit: number | '';
};

export const emptyToken: TokenDraft = { name: '', operator: '', scope: 'full', until: '', limit: '' };

/** A token is good to the end of its day, as the one who makes it counts days. */
export function tokenBodyOf({
  name,
  operator,
  scope,
  until,
  limit,
}: TokenDraft): z.input<typeof TokenCreate> {
  const id = OperatorId.safeParse(Number(operator)).data;
  return {
    name: name.trim(),
    scope,
    ...(id !== undefined && { operator_id: id }),
    ...(until !== '' && { expires_at: new Date(`${until}T23:59:59.999`).toISOString() }),
    ...(limit !== '' && { rate_limit: limit }),
  };
}
