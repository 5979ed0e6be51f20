import { describe, expect, test } from 'vitest';
import { databases } from '../support/desk.ts';
import { startTestApp, type TestApp } from '../support/http.ts';
import { hasSession, type Proof, strangersOf } from '../http/support/callers.ts';
import { openFloor } from '../http/support/floor.ts';
import { openConsole } from './console.ts';

const roles = ['admin', 'supervisor', 'operator'] as const;
const standings = ['own', 'queue', 'colleague', 'foreign', 'missing'] as const;

/** Who shows a cookie shows no token. */
function connect(app: TestApp, { token, headers }: Proof) {
  const { authorization: _, ...shown } = headers;
  return openConsole(app.url, token, token === null ? shown : {});
}

describe.each(databases)('on %s', (database) => {
  test('whoever has no right to act, or none any more, is not let in', async () => {
    await using app = await startTestApp(database);
    const strangers = await strangersOf(app, 'admin');
    // A socket shows one of them alone.
    delete strangers['hides a good session behind a wrong token'];
    const { secret } = await hasSession(app, (await adminOf(app)).me.id);
    const cookie = `leadgate=${secret}`;
    const elsewhere = { token: null, headers: { cookie, origin: 'https://elsewhere.example' } };

    const heard = await Promise.all(
      Object.entries({ ...strangers, 'comes from a page of another site': elsewhere }).map(
        async ([who, proof]) => {
          const console = await connect(app, proof).catch((error: Error) => error.message);
          return `${who}: ${typeof console === 'string' ? console : 'let in'}`;
        },
      ),
    );

    const wanted = Object.keys(strangers).map((who) => `${who}: unauthorized`);
    expect(heard).toEqual([...wanted, expect.stringContaining('another site: websocket error')]);
  });

  test.for(roles)(
    '%s: who sees a contact hears that its operator types, who does not hears nothing',
    async (role) => {
      await using app = await startTestApp(database);
      const floor = await openFloor(app, role);
      // Once its console is open it is online, and would get what waits.
      await app.admin('PATCH', `/operators/${floor.me.id}`, { body: { availability: 'paused' } });
      const [byToken, byCookie] = Object.values(await floor.callers());
      const [intake] = Object.values(await floor.intake());
      await expect(connect(app, intake!.proof)).rejects.toThrow('forbidden');
      using closing = new DisposableStack();
      const boss = closing.use(await connect(app, (await adminOf(app)).proof));
      await boss.subscribe(null);
      const told: number[] = [];
      boss.socket.on('typing', ({ contact_id: id }: { contact_id: number }) => told.push(id));

      for (const { proof, standing } of [byToken!, byCookie!]) {
        const ids = await Promise.all(standings.map((one) => standing('contact', one)));
        const mine = closing.use(await connect(app, proof));
        const answer = await mine.subscribe(null);
        const seen = 'snapshot' in answer ? answer.snapshot.contacts.map(({ id }) => id) : [];
        for (const id of ids.toReversed()) mine.socket.emit('typing', { contact_id: id });
        await expect.poll(() => told.join()).toBe(String(ids[0]));

        // Its own comes last: what was not told until then is not told.
        expect(told.splice(0)).toEqual([ids[0]]);
        expect(standings.filter((_, at) => seen.includes(ids[at]! as never))).toEqual(
          role === 'operator' ? ['own', 'queue'] : ['own', 'queue', 'colleague', 'foreign'],
        );
      }
    },
  );
});

async function adminOf(app: TestApp) {
  return Object.values(await (await openFloor(app, 'admin')).callers())[0]!;
}
