import { describe, expect, test } from 'vitest';
import { type Action, emptyDesk } from '../../console/src/state/desk.ts';
import { reduce } from '../../console/src/state/reduce.ts';
import type { Subscribed } from '../../src/contract/event.ts';
import { MessageCreate } from '../../src/contract/message.ts';
import { eraseLead } from '../../src/desk/erase-lead.ts';
import { listMessages } from '../../src/desk/messages.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import { actingAs, admin, databases, hasOperator, hasSource, openTestDesk, writes } from '../support/desk.ts';
import { openConsole, serveRealtime } from './console.ts';

function arriving(subscribed: Subscribed): Action {
  return 'snapshot' in subscribed
    ? { type: 'snapshot', isGap: true, ...subscribed }
    : { type: 'caught-up', ...subscribed };
}

describe.each(databases)('on %s', (database) => {
  test('a console that shows an erased contact has nothing of it left, whether it was there or away', async () => {
    await using desk = await openTestDesk(database);
    await using realtime = await serveRealtime(desk);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const asAnn = actingAs(ann);
    using there = await openConsole(realtime.url, realtime.admit(asAnn));
    let live = reduce(emptyDesk, arriving(await there.subscribe(null)));
    const { leadId, contactId } = await writes(desk, source, 'zoe', { text: 'I am Zoe', name: 'Zoe' });
    await writeMessage(desk, asAnn, contactId!, MessageCreate.parse({ text: 'Hello Zoe' }));
    const said = await there.hears(
      ({ type, data }) => type === 'message.created' && 'author' in data && data.author === 'operator',
    );
    const { items } = await listMessages(desk, asAnn, contactId!, { limit: 50 });
    const messages = { type: 'messages', contactId: contactId!, items, hasOlder: false } as const;
    live = reduce(reduce(live, { type: 'events', events: there.heard }), messages);
    const away = live;
    expect(JSON.stringify([...live.threads.values()])).toContain('Hello Zoe');

    await eraseLead(desk, admin, leadId!);
    await there.hears(({ type, data }) => type === 'contact.updated' && 'erased_at' in data);

    const after = there.heard.slice(there.heard.indexOf(said) + 1);
    expect(JSON.stringify(after)).not.toContain('Zoe');
    live = reduce(live, { type: 'events', events: after });
    using back = await openConsole(realtime.url, realtime.admit(asAnn));
    for (const cursor of [said.cursor, there.heard[0]!.cursor]) {
      const caughtUp = reduce(away, arriving(await back.subscribe(cursor)));
      for (const { contacts, threads, counts } of [live, caughtUp]) {
        expect(JSON.stringify([...contacts.values(), ...threads.values()])).not.toMatch(/Zoe|zoe/);
        expect(counts).toEqual({ mine: 0, queue: 0, all: 0 });
      }
    }
  });
});
