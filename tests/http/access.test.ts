import { describe, expect, test } from 'vitest';
import { databases } from '../support/desk.ts';
import { holderOf, madeOperator, madeSource, startTestApp } from '../support/http.ts';

describe.each(databases)('on %s', (database) => {
  test('a credential is asked for in the way that browsers and clients know', async () => {
    await using app = await startTestApp(database);

    const answers = [
      await app.as(null)('GET', '/operators'),
      await app.as('lg_nobody')('GET', '/operators'),
      await app.as(null)('GET', '/operators', { headers: { authorization: 'Basic YTpi' } }),
      await app.as(null)('GET', '/operators', { headers: { authorization: 'Bearer' } }),
    ];

    for (const { status, headers } of answers) {
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  test('a token acts as its operator, with the role that the operator has now', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app, { name: 'Ann' });
    const asAnn = await holderOf(app, { operator_id: ann.id });

    const before = await asAnn('GET', '/session');
    await app.admin('PATCH', `/operators/${ann.id}`, { body: { role: 'supervisor' } });
    const after = await asAnn('GET', '/session');

    expect(before.json).toMatchObject({ role: 'operator', operator: { id: ann.id, name: 'Ann' } });
    expect(after.json).toMatchObject({ role: 'supervisor', operator: { id: ann.id } });
  });

  test('a revoked token opens nothing from the next request on', async () => {
    await using app = await startTestApp(database);
    const { json } = await app.admin<{ id: number; token: string }>('POST', '/tokens', {
      body: { name: 'robot' },
    });
    const robot = app.as(json.token);

    const before = await robot('GET', '/operators');
    await app.admin('DELETE', `/tokens/${json.id}`);
    const after = await robot('GET', '/operators');

    expect([before.status, after.status]).toEqual([200, 401]);
  });

  test('the tokens that are listed hold no secret, and say when they were used', async () => {
    await using app = await startTestApp(database);
    const { json } = await app.admin<{ id: number; token: string }>('POST', '/tokens', {
      body: { name: 'robot' },
    });
    await app.as(json.token)('GET', '/operators');

    const list = await app.admin<{ items: { last_used_at: string | null }[] }>('GET', '/tokens');

    expect(list.text).not.toContain(json.token.slice(4));
    expect(list.json.items[0]?.last_used_at).toMatch(/^\d{4}-/);
  });

  test('a token for intake opens contacts and nothing else, not even those', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app);
    const intake = await holderOf(app, { scope: 'ingest' });
    const body = { external_id: 'ann', source_id: source.id };

    const opened = await intake<{ id: number }>('POST', '/contacts', { body });
    const read = await intake('GET', `/contacts/${opened.json.id}`);

    expect([opened.status, read.status]).toEqual([201, 403]);
  });

  test('answers below the base are kept by no cache', async () => {
    await using app = await startTestApp(database);

    const answer = await app.admin('GET', '/operators');

    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('the figures are there for whoever holds the token of the monitor, with no name in them', async () => {
    await using app = await startTestApp(database, { metricsToken: 'monitor' });
    const source = await madeSource(app);
    await app.admin('POST', '/contacts', { body: { external_id: 'ann', source_id: source.id } });

    const refused = await app.admin('GET', '//metrics');
    const answer = await app.as('monitor')('GET', '//metrics');

    expect(refused.status).toBe(401);
    expect(answer.text).toContain(`leadgate_waiting_contacts{source_id="${source.id}"} 1`);
    expect(answer.text).toMatch(
      /leadgate_http_requests_total\{method="POST",route="\/contacts",status="201"\} 1/,
    );
    expect(answer.text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(answer.text).toMatch(/^leadgate_intake_depth 0$/m);
  });
});
