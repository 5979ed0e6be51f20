import { describe, expect, test } from 'vitest';
import { SourceCreate } from '../../src/contract/source.ts';
import { createSource } from '../../src/desk/create-source.ts';
import { listMessages } from '../../src/desk/messages.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { admin, databases, openTestDesk, writes } from '../support/desk.ts';

const tokenOf = (bot: number): string => `${bot}:${'x'.repeat(35)}`;

describe.each(databases)('on %s', (database) => {
  test('a source that is given another bot takes its messages for new, though their numbers were there before', async () => {
    await using desk = await openTestDesk(database);
    const input = { name: 'Bot', code: 'bot', kind: 'telegram', telegram: { token: tokenOf(111) } };
    const { id } = await createSource(desk, admin, SourceCreate.parse(input));
    await writes(desk, id, 'tg:5', { externalId: '5:1', chat: '5', text: 'to the first bot' });

    await updateSource(desk, admin, 'bot', { telegram: { token: tokenOf(222) } });
    const receipt = await writes(desk, id, 'tg:5', {
      externalId: '5:1',
      chat: '5',
      text: 'to the second bot',
    });

    expect(receipt.duplicate).toBe(false);
    const { items } = await listMessages(desk, admin, receipt.contactId!, { limit: 10 });
    expect(items.map((message) => message.text)).toEqual(['to the second bot', 'to the first bot']);
  });

  test('a new token of the same bot changes nothing: what comes again is still known', async () => {
    await using desk = await openTestDesk(database);
    const input = { name: 'Bot', code: 'bot', kind: 'telegram', telegram: { token: tokenOf(111) } };
    const { id } = await createSource(desk, admin, SourceCreate.parse(input));
    await writes(desk, id, 'tg:5', { externalId: '5:1', chat: '5' });

    await updateSource(desk, admin, 'bot', { telegram: { token: `111:${'y'.repeat(35)}` } });

    expect(await writes(desk, id, 'tg:5', { externalId: '5:1', chat: '5' })).toMatchObject({
      duplicate: true,
    });
  });
});
