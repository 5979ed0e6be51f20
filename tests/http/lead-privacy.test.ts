import { describe, expect, test } from 'vitest';
import type { SourceId } from '../../src/contract/ids.ts';
import { LeadExport } from '../../src/contract/lead-export.ts';
import { SYSTEM } from '../../src/desk/actor.ts';
import { eraseLead } from '../../src/desk/erase-lead.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { databases, writes } from '../support/desk.ts';
import { madeContact, madeOperator, madeSource, startTestApp, type TestApp } from '../support/http.ts';
import { placesOf } from '../support/whole-database.ts';

/** Says so much in a contact, in a few commits. */
async function saysMuch(app: TestApp, sourceId: SourceId, count: number): Promise<void> {
  const { desk } = app.app;
  const say = (n: number) => writes(desk, sourceId, 'zoe', { text: `word ${n} of zoe ${'…'.repeat(200)}` });
  for (let at = 0; at < count; at += 250)
    await Promise.all(Array.from({ length: 250 }, (_, n) => say(at + n)));
}

/** Counts how often others have their turn until it is stopped. */
function countTurns(): { stop(): number } {
  let turns = 0;
  let next = setImmediate(function turn() {
    turns += 1;
    next = setImmediate(turn);
  });
  return {
    stop() {
      clearImmediate(next);
      return turns;
    },
  };
}

describe.each(databases)('on %s', (database) => {
  test('everything of a lead comes as one file, and the log says so', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app);
    const source = await madeSource(app, {}, { [ann.id]: 1 });
    const { desk } = app.app;
    const first = await writes(desk, source.id, 'zoe', {
      name: 'Zoe',
      chat: '47',
      raw: { more: 'than we show' },
      attachments: [{ kind: 'photo', supported: true, name: 'a.jpg', mime_type: null, size: 1, url: null }],
    });
    const other = await madeContact(app, source.id, 'old-zoe');
    await app.admin('POST', `/leads/${other.lead_id}/merge`, { body: { into: first.leadId } });
    await writes(desk, source.id, 'ben', { text: 'no word of mine' });

    const { json, headers, text } = await app.admin('GET', `/leads/${first.leadId}/export`);

    const told = LeadExport.parse(json);
    expect(told).toMatchObject({
      lead: { external_id: 'zoe', name: 'Zoe' },
      other_external_ids: ['old-zoe'],
      contacts: [
        {
          contact: { id: first.contactId },
          chat: '47',
          trail: [{ type: 'contact.created' }, { type: 'contact.assigned' }],
          messages: [{ text: 'hello', raw: { more: 'than we show' }, attachments: [{ name: 'a.jpg' }] }],
        },
        { contact: { id: other.id }, chat: null, messages: [{ text: 'hello', raw: null }] },
      ],
      dead_letters: [],
    });
    expect(text).not.toContain('no word of mine');
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json',
      'content-disposition': `attachment; filename="leadgate-lead-${first.leadId}.json"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const { json: log } = await app.admin<{ items: unknown[] }>('GET', '/audit?action=lead.exported');
    expect(log.items).toMatchObject([{ subject: `lead:${first.leadId}`, address: '127.0.0.1' }]);
  });

  test('a history of 5,000 messages is handed out and erased while others are served', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app);
    await saysMuch(app, source.id, 5000);
    const { desk } = app.app;
    const { leadId } = await writes(desk, source.id, 'zoe');

    const file = await app.admin('GET', `/leads/${leadId}/export`);
    const turns = countTurns();
    await eraseLead(desk, SYSTEM, leadId!);
    const ofOthers = turns.stop();

    expect(LeadExport.parse(file.json).contacts[0]!.messages).toHaveLength(5001);
    expect(ofOthers).toBeGreaterThan(25);
    expect(await placesOf(desk, 'zoe')).toEqual([]);
  });

  test('a message that arrives while its lead is erased is of a new lead, or erased with the old one', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app, { max_load: 1000 });
    const source = await madeSource(app, {}, { [ann.id]: 1 });
    const { desk } = app.app;
    for (let round = 0; round < 5; round++) {
      const leads = await Promise.all(
        Array.from({ length: 5 }, (_, n) =>
          writes(desk, source.id, `zoe ${round} ${n}`, { text: 'said ahead' }),
        ),
      );
      // Of some the message opens a contact, of others it joins one.
      for (const { contactId } of leads.slice(2)) await app.admin('POST', `/contacts/${contactId}/close`);
      const late = leads.map((_, n) => `word ${round} ${n} of zoe`);

      const [, receipts] = await Promise.all([
        Promise.all(leads.map(({ leadId }) => app.admin('DELETE', `/leads/${leadId}`))),
        Promise.all(late.map((text, n) => writes(desk, source.id, `zoe ${round} ${n}`, { text }))),
      ]);

      for (const [n, receipt] of receipts.entries()) {
        const isKept = receipt.leadId !== leads[n]!.leadId;
        expect((await placesOf(desk, late[n]!)).length > 0, `${round} ${n}`).toBe(isKept);
      }
    }
    expect(await placesOf(desk, 'said ahead')).toEqual([]);
    expect(await desk.store.em().count(Contact, { erasedAt: { $ne: null }, status: { $ne: 'closed' } })).toBe(
      0,
    );
    const { json } = await app.admin<{ checks: { ok: boolean }[] }>('GET', '/stats/invariants');
    expect(json.checks.map(({ ok }) => ok)).not.toContain(false);
  });
});
