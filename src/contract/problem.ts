import { z } from 'zod';

/** Every refusal the gateway knows, with its status and title. Anything else that is thrown is a bug. */
export const problems = {
  'bad-json': [400, 'The body is not JSON'],
  'bad-form': [400, 'The body is not a form'],
  unauthorized: [401, 'No or bad credentials'],
  'bad-sign-in': [401, 'The e-mail or the password is wrong'],
  'bad-code': [401, 'This code is wrong, was used or has expired'],
  forbidden: [403, 'Not yours to do'],
  'cross-site': [403, 'The request comes from another site'],
  'not-found': [404, 'Not found'],
  'no-operator': [409, 'This token does not act as an operator'],
  'operator-full': [409, 'The operator is at the cap'],
  'operator-inactive': [409, 'The operator is not active'],
  'operator-in-use': [409, 'Contacts name this operator'],
  'source-in-use': [409, 'Contacts name this source'],
  'already-taken': [409, 'Another operator has this contact'],
  'already-open': [409, 'The lead has another open contact on this source'],
  closed: [409, 'The contact is closed'],
  'not-yours': [409, 'The contact is not yours'],
  'not-offered': [409, 'The contact is not offered: it is given'],
  'code-taken': [409, 'Another source has this code'],
  'email-taken': [409, 'Another operator has this e-mail'],
  'token-in-use': [409, 'Another source uses this bot token'],
  'external-id-taken': [409, 'Another lead has this external id'],
  'idempotency-mismatch': [409, 'The same key came with another body'],
  'client-id-mismatch': [409, 'The same client id came with another text'],
  'plan-changed': [409, 'It would come out otherwise now'],
  'not-retryable': [409, 'This cannot be tried again'],
  'no-email': [409, 'The operator has no e-mail to sign in with'],
  'no-secret': [409, 'This source has no secret of ours'],
  'setup-closed': [410, 'There is an admin already'],
  'too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'This content type is not understood'],
  invalid: [422, 'The request fails validation'],
  'too-many-requests': [429, 'Too many requests'],
  internal: [500, 'Something went wrong here'],
  overloaded: [503, 'Too much is waiting to be committed'],
  unavailable: [503, 'It cannot be committed now'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof problems;
export const ProblemCode = z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]);

export const FieldError = z.object({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof FieldError>;

/** The body of every error, RFC 9457. `operator` names who has the contact (`already-taken`). */
export const ProblemBody = z
  .object({
    type: z.string().regex(/^\/problems\//),
    code: ProblemCode,
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    request_id: z.string(),
    errors: z.array(FieldError).optional(),
    operator: z.object({ id: z.int(), name: z.string() }).optional(),
  })
  .meta({ id: 'Problem' });
export type ProblemBody = z.infer<typeof ProblemBody>;
