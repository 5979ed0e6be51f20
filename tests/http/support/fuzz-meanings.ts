import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { type Meanings, words } from './arbitrary.ts';

const unique = () => randomBytes(8).toString('hex');
const password = fc.string({ maxLength: 60 }).map((rest) => `quiet harbour lantern ${rest}`);
const rate = fc.double({ min: 0.1, max: 5, noNaN: true });
const notice = words().map((text) => `${text} {place}`);

/** What the schemas cannot say of their fields: which ids exist, what has to be new, what goes with what. */
export function meaningsOf(known: { operators: number[]; sources: number[]; lead: number }): Meanings {
  const operator = fc.constantFrom(...known.operators);
  const source = fc.constantFrom(...known.sources);
  return {
    operator_id: operator,
    source_id: source,
    source_ids: fc.uniqueArray(source, { minLength: 1 }),
    lead_id: fc.constant(known.lead),
    into: fc.constant(known.lead),
    // Of a page before, of a message of the same contact, of a plan that was shown.
    cursor: null,
    reply_to: null,
    plan: null,
    open_contacts: null,
    code: fc.constant(null).map(() => `code-${unique()}`),
    external_id: words(1, 100).map((text) => `${unique()} ${text}`),
    email: fc.option(fc.constant(null).map(() => `${unique()}@example.com`)),
    password,
    new_password: password,
    expires_at: fc.constant('2100-01-01T00:00:00.000Z'),
    language: fc.constantFrom('en', 'ru', 'pt-BR', 'zh-Hant-TW'),
    queue_notice: fc.option(notice),
    queue_notices: fc.dictionary(fc.constantFrom('en', 'ru', 'pt-br'), notice, { noNullPrototype: true }),
    callback_url: fc.constantFrom(null, 'https://nowhere.invalid/callback'),
    mapping: fc.constantFrom({}, { external_id: '/id', text: '/a~1b/0' }),
    telegram: null,
    source_code: null,
    rate,
    handling_time: fc.double({ min: 1, max: 10_000, noNaN: true }),
  };
}

/** The same for what stands in a query. */
export const inQuery: Meanings = {
  is_active: fc.constantFrom('true', 'false'),
  cursor: null,
};

/** A key that nobody has used. */
export const idempotencyKey = fc.option(fc.constant(null).map(unique), { nil: undefined });
