import { z } from 'zod';
import { Role, Token } from './access.ts';
import { Operator } from './operator.ts';
import { pageOf } from './page.ts';

/** Who I am; `operator` is null when the credential acts for nobody. `demo`: nothing here outlasts the demo. */
export const Session = z
  .object({ operator: Operator.nullable(), role: Role, demo: z.boolean() })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const TokenPage = pageOf(Token).meta({ id: 'TokenPage' });
