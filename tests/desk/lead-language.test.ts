import { describe, expect, test } from 'vitest';
import type { LeadId } from '../../src/contract/ids.ts';
import { getLead } from '../../src/desk/leads.ts';
import { mergeLeads } from '../../src/desk/merge-leads.ts';
import { updateLead } from '../../src/desk/update-lead.ts';
import { admin, databases, hasSource, openTestDesk, writes } from '../support/desk.ts';

describe.each(databases)('on %s', (database) => {
  test('the language of a lead is kept, follows the channel, and can be set by hand', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram' });
    const { leadId } = await writes(desk, source, 'tg:5');
    const language = async (id: LeadId) => (await getLead(desk, admin, id)).language;
    const found = [await language(leadId!)];

    await writes(desk, source, 'tg:5', { language: 'en' });
    found.push(await language(leadId!));
    await Promise.all([
      writes(desk, source, 'tg:5', { language: 'de' }),
      writes(desk, source, 'tg:5'),
      writes(desk, source, 'tg:5', { language: 'ru' }),
    ]);
    found.push(await language(leadId!));
    await writes(desk, source, 'tg:5');
    found.push(await language(leadId!));
    found.push((await updateLead(desk, admin, leadId!, { language: 'pt-BR' })).language);

    expect(found).toEqual([null, 'en', 'ru', 'ru', 'pt-BR']);
  });

  test('a merged lead brings its language where none is known', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const speaks = await writes(desk, source, 'ann', { language: 'ru' });
    const silent = await writes(desk, source, 'bob');

    const merged = await mergeLeads(desk, admin, speaks.leadId!, { into: silent.leadId! });

    expect(merged.language).toBe('ru');
  });
});
