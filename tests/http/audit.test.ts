import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { AuditPage } from '../../src/contract/audit.ts';
import { AuditEntry } from '../../src/store/entities/audit-entry.ts';
import { databases } from '../support/desk.ts';
import { holderOf, madeOperator, madeSource, startTestApp, type TestApp } from '../support/http.ts';

type Page = z.infer<typeof AuditPage>;

const HEAD = 'id,at,actor,credential,address,action,subject,before,after';

async function listed(app: TestApp, query = ''): Promise<Page> {
  return (await app.admin<Page>('GET', `/audit${query}`)).json;
}

async function namesOf(app: TestApp, query: string): Promise<string[]> {
  return (await listed(app, query)).items.map(({ action, subject }) => `${action} ${subject}`);
}

describe.each(databases)('on %s', (database) => {
  test('the log tells who did what from where, newest first, page by page', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app, { name: 'Ann', role: 'admin' });
    const asAnn = await holderOf(app, { operator_id: ann.id });
    await asAnn('PATCH', `/operators/${ann.id}`, { body: { max_load: 3 } });

    const first = await listed(app, '?limit=2');
    const second = await listed(app, `?limit=2&cursor=${first.next_cursor}`);

    expect([...first.items, ...second.items]).toMatchObject([
      {
        action: 'operator.changed',
        subject: `operator:${ann.id}`,
        actor: `operator:${ann.id}`,
        credential: 'token:1',
        address: '127.0.0.1',
        before: { max_load: ann.max_load },
        after: { max_load: 3 },
      },
      { action: 'token.created', actor: 'token:environment', credential: 'token:environment' },
      { action: 'operator.created', subject: `operator:${ann.id}`, before: null },
    ]);
    expect(second.next_cursor).toBeNull();
  });

  test('the log is searched by actor, subject, time, and by an action or the family of it', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app, { role: 'admin' });
    const asAnn = await holderOf(app, { operator_id: ann.id });
    await asAnn('PATCH', `/operators/${ann.id}`, { body: { max_load: 3 } });
    await madeSource(app);
    const { items } = await listed(app);
    const [newest] = items;

    expect(await namesOf(app, '?action=operator.changed')).toEqual([`operator.changed operator:${ann.id}`]);
    const family = [`operator.changed operator:${ann.id}`, `operator.created operator:${ann.id}`];
    expect(await namesOf(app, '?action=operator')).toEqual(family);
    expect(await namesOf(app, '?action=operator.')).toEqual(family);
    expect(await namesOf(app, '?action=operator.change')).toEqual([]);
    expect(await namesOf(app, '?action=oper')).toEqual([]);
    expect(await namesOf(app, '?action=%25')).toEqual([]);
    expect(await namesOf(app, `?actor=operator:${ann.id}`)).toEqual([`operator.changed operator:${ann.id}`]);
    expect(await namesOf(app, `?subject=operator:${ann.id}`)).toEqual(family);
    expect((await listed(app, `?from=${newest!.at}`)).items).toContainEqual(newest);
    expect((await listed(app, `?to=${newest!.at}`)).items).not.toContainEqual(newest);
    expect((await listed(app, `?to=${items.at(-1)!.at}`)).items).toEqual([]);
  });

  test('the whole of it comes as a file, and the log says that it was taken', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app, { name: 'Ann "the first", of two' });

    const { text, headers } = await app.admin('GET', '/audit.csv?action=operator');

    const [entry] = (await listed(app, '?action=operator')).items;
    const after = JSON.stringify(entry!.after).replaceAll('"', '""');
    expect(text).toBe(
      `${HEAD}\r\n${entry!.id},${entry!.at},token:environment,token:environment,127.0.0.1,operator.created,operator:${ann.id},,"${after}"\r\n`,
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="leadgate-audit-\d{4}-\d\d-\d\d\.csv"$/,
      ) as string,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect((await listed(app, '?action=audit')).items).toMatchObject([
      { action: 'audit.exported', subject: 'audit', after: { action: 'operator' }, address: '127.0.0.1' },
    ]);
  });

  test('a file longer than what is read at once has every entry once', async () => {
    await using app = await startTestApp(database);
    const notes = Array.from({ length: 1234 }, (_, n) => ({
      at: new Date(n),
      actor: 'system',
      action: 'test.noted',
      subject: `test:${n}`,
      before: null,
      after: null,
    }));
    await app.app.desk.store.write((tx) => tx.em.insertMany(AuditEntry, notes));

    const { text } = await app.admin('GET', '/audit.csv?action=test');

    const lines = text.trimEnd().split('\r\n').slice(1);
    expect(lines.map((line) => line.split(',')[6])).toEqual(notes.map(({ subject }) => subject).toReversed());
  });
});
