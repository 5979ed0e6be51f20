import { z } from 'zod';
import { Role, Token } from './access.ts';
import { Operator } from './operator.ts';
import { pageOf } from './page.ts';

/** Who I am; `operator` is null when the credential acts for nobody. `demo`: nothing here outlasts the demo. */
export const Session = z
  // Not `.nullable()`: in the OpenAPI document that makes every operator one that may be null.
  .object({ operator: z.union([Operator, z.null()]), role: Role, demo: z.boolean() })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const TokenPage = pageOf(Token).meta({ id: 'TokenPage' });
