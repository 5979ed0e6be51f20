import { madeContact, madeOperator, madeSource } from '../../support/http.ts';
import { METRICS_TOKEN, type Stage } from './examples.ts';
import { openOutcomes } from './outcomes.ts';

/** Goes every road to its good end; answers what did not come out as expected. */
export async function goEveryRoad(stage: Stage): Promise<readonly string[]> {
  const { app, asOperator, operator, stranger, source, contact } = stage;
  const { admin } = app;
  const { expects, surprises } = openOutcomes();
  const ok = (method: string, path: string, body?: unknown, status = 200) =>
    expects(status, admin(method, path, { body }), `${method} ${path}`);

  await ok('GET', '/session');
  await expects(200, asOperator('GET', '/session'), 'session of an operator');
  const issued = await ok('POST', '/tokens', { name: 'robot', expires_at: '2100-01-01T00:00:00Z' }, 201);
  await ok('GET', '/tokens');
  await ok('DELETE', `/tokens/${(issued.json as { id: number }).id}`, undefined, 204);

  const { id } = await madeOperator(app);
  for (const path of [
    '/operators',
    '/operators?is_active=true&q=op',
    `/operators/${id}`,
    `/operators/${id}/load`,
  ])
    await ok('GET', path);
  await expects(200, asOperator('GET', '/operators'), 'colleagues');
  for (const method of ['PATCH', 'PUT']) await ok(method, `/operators/${id}`, { max_load: 3 });
  const fresh = await madeSource(app);
  await ok('POST', `/operators/${id}/weights`, { source_id: fresh.id, weight: 7 });

  for (const path of [
    '/sources',
    `/sources/${fresh.code}`,
    `/sources/${fresh.id}/health`,
    '/sources/bot/health',
  ])
    await ok('GET', path);
  await expects(200, asOperator('GET', '/sources'), 'sources in brief');
  await ok('PATCH', `/sources/${fresh.code}`, { greeting: 'Welcome' });
  const { id: hook } = await madeSource(app, { kind: 'webhook' });
  for (const body of [undefined, { overlap_hours: 0 }]) await ok('POST', `/sources/${hook}/secret`, body);
  const weights = { operator_weights: [{ operator_id: id, weight: 2 }] };
  for (const method of ['PUT', 'POST', 'PATCH']) await ok(method, `/sources/${fresh.id}/operators`, weights);
  await ok('GET', `/sources/${fresh.id}/operators`);
  await ok('DELETE', `/sources/${fresh.id}/operators/${id}`, undefined, 204);
  await ok('POST', `/operators/${id}/hand-over`, { dry_run: true });
  await ok('POST', `/operators/${id}/hand-over`);
  await ok('DELETE', `/operators/${id}`, undefined, 204);
  await ok('DELETE', `/sources/${fresh.id}`, undefined, 204);

  await moveContacts(stage, expects);
  for (const path of ['', '/decisions', '/events', '/messages'])
    await ok('GET', `/contacts/${contact.id}${path}`);
  await ok('GET', `/contacts?source_id=${source.id}&status=assigned&operator_id=${operator.id}&q=hel`);
  for (const path of ['/leads', `/leads/${contact.lead_id}`]) await ok('GET', path);
  const twin = await madeContact(app, source.id);
  await ok('PATCH', `/leads/${twin.lead_id}`, { name: 'Ann', phone: null });
  await ok('POST', `/leads/${twin.lead_id}/merge`, { into: contact.lead_id });
  const { lead_id: erased } = await madeContact(app, source.id);
  await ok('GET', `/leads/${erased}/export`);
  for (const _ of ['once', 'again']) await ok('DELETE', `/leads/${erased}`, undefined, 204);

  for (const path of ['operators-load', 'distribution', 'queue', 'summary?bucket=hour', 'summary'])
    await ok('GET', `/stats/${path}`);
  await ok('GET', '/stats/invariants');
  await ok('POST', '/stats/invariants/repair');
  await ok('POST', '/routing/simulate', { arrivals: { rate: 10, handling_time: 60 } });
  for (const path of ['/audit?action=token', '/audit.csv?action=token']) await ok('GET', path);
  for (const path of ['//healthz', '//readyz']) await expects(200, app.as(null)('GET', path), path);
  await expects(200, app.as(METRICS_TOKEN)('GET', '//metrics'), 'metrics');
  await expects(401, app.as(null)('GET', '//metrics'), 'metrics');
  await expects(404, admin('GET', `/contacts/${stranger.id + 9000}`), 'nowhere');
  return surprises;
}

type Expects = ReturnType<typeof openOutcomes>['expects'];

async function moveContacts(stage: Stage, expects: Expects): Promise<void> {
  const { app, asOperator, operator, stranger, source } = stage;
  const contact = await madeContact(app, source.id);
  const place = `/contacts/${contact.id}`;
  const moves = [
    ['POST', 'assign', { operator_id: stranger.id, note: 'yours' }],
    ['POST', 'assign', { operator_id: operator.id }],
    ['POST', 'release', undefined],
    ['POST', 'take', undefined],
    ['PUT', 'close', { reason: 'answered' }],
    ['POST', 'close', undefined],
    ['POST', 'reopen', undefined],
  ] as const;
  for (const [method, move, body] of moves)
    await expects(
      200,
      (move === 'take' ? asOperator : app.admin)(method, `${place}/${move}`, { body }),
      move,
    );
  await expects(200, asOperator('POST', `${place}/accept`), 'accept');
  await declineOffer(stage, expects);
  const reply = { text: 'hello', client_id: 'a-1' };
  await expects(201, asOperator('POST', `${place}/messages`, { body: reply }), 'reply');
  await expects(200, asOperator('POST', `${place}/messages`, { body: reply }), 'reply again');
  const lost = await lostReply(stage);
  await expects(200, asOperator('POST', `/messages/${lost}/retry`), 'retry');
}

async function declineOffer({ app, asOperator, operator }: Stage, expects: Expects): Promise<void> {
  const offering = await madeSource(app, { offer_seconds: 60 }, { [operator.id]: 1 });
  const offered = await madeContact(app, offering.id);
  const body = { reason: 'lunch' };
  await expects(200, asOperator('POST', `/contacts/${offered.id}/decline`, { body }), 'decline');
}

/** A reply that has failed, because its source has no callback address. */
export async function lostReply({ app, asOperator, operator }: Stage): Promise<number> {
  const nowhere = await madeSource(app, { kind: 'webhook' }, { [operator.id]: 1 });
  const { id } = await madeContact(app, nowhere.id);
  const body = { text: 'hello' };
  const { json } = await asOperator<{ id: number }>('POST', `/contacts/${id}/messages`, { body });
  return json.id;
}
