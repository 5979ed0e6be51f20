import { madeContact, madeOperator, madeSource } from '../../support/http.ts';
import type { Stage } from './examples.ts';
import { openOutcomes } from './outcomes.ts';

/** Brings every route into conflict with what is there; answers what did not come out as expected. */
export async function provokeConflicts({ app, operator, source, contact, asOperator }: Stage) {
  const { admin } = app;
  const { expects, surprises } = openOutcomes();
  const [one, other] = [await madeOperator(app, { email: 'one@example.com' }), await madeOperator(app)];
  const email = { body: { name: 'Double', email: 'ONE@example.com' } };
  await expects(409, admin('POST', '/operators', email), 'email');
  await expects(409, admin('PATCH', `/operators/${other.id}`, email), 'email');
  await expects(409, admin('PUT', `/operators/${other.id}`, email), 'email');
  await expects(409, admin('DELETE', `/operators/${operator.id}`), 'operator in use');
  await expects(409, admin('POST', `/operators/${other.id}/invite`), 'no e-mail');
  for (const method of ['GET', 'DELETE']) await expects(409, admin(method, '/sessions'), 'no operator');
  await expects(409, admin('DELETE', '/sessions/1'), 'no operator');
  const plan = { body: { plan: 'of another day' } };
  await expects(409, admin('POST', `/operators/${operator.id}/hand-over`, plan), 'plan');
  const leaving = { body: { is_active: false, open_contacts: 'hand_over', ...plan.body } };
  await expects(409, admin('PATCH', `/operators/${operator.id}`, leaving), 'plan');
  await expects(409, admin('DELETE', `/sources/${source.id}`), 'source in use');
  await expects(409, admin('POST', `/sources/${source.id}/secret`), 'no secret');

  const code = { body: { name: 'Double', code: 'site' } };
  await expects(409, admin('POST', '/sources', code), 'code');
  const second = await madeSource(app);
  await expects(409, admin('PATCH', `/sources/${second.id}`, { body: { code: 'site' } }), 'code');

  const key = { headers: { 'idempotency-key': 'once' } };
  const opening = { external_id: 'idem', source_id: second.id };
  await expects(201, admin('POST', '/contacts', { body: opening, ...key }), 'open');
  await expects(200, admin('POST', '/contacts', { body: opening, ...key }), 'open again');
  await expects(409, admin('POST', '/contacts', { body: { ...opening, text: 'x' }, ...key }), 'mismatch');

  await expects(409, admin('POST', `/contacts/${contact.id}/take`), 'no operator');
  await expects(
    409,
    admin('POST', `/contacts/${contact.id}/messages`, { body: { text: 'hi' } }),
    'not its own',
  );
  const { json: said } = await asOperator<{ id: number }>('POST', `/contacts/${contact.id}/messages`, {
    body: { text: 'hi' },
  });
  await expects(409, asOperator('POST', `/messages/${said.id}/retry`), 'sent already');
  await expects(409, admin('POST', `/contacts/${contact.id}/accept`), 'not its own');
  await expects(409, asOperator('POST', `/contacts/${contact.id}/decline`), 'given');
  const full = await madeOperator(app, { max_load: 0 });
  const closed = await madeContact(app, second.id);
  await admin('PUT', `/contacts/${closed.id}/close`);
  const place = `/contacts/${closed.id}`;
  await expects(409, admin('POST', `${place}/reopen`, { body: { operator_id: full.id } }), 'full');
  await expects(409, admin('POST', `${place}/assign`, { body: { operator_id: one.id } }), 'closed');
  await expects(409, admin('POST', `${place}/release`), 'closed');

  const lead = { body: { external_id: contact.lead.external_id } };
  await expects(409, admin('PATCH', `/leads/${closed.lead_id}`, lead), 'external id');
  await expects(200, asOperator('GET', `/leads/${contact.lead_id}`), 'own lead');
  return surprises;
}
