import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { databases } from '../support/desk.ts';
import { holderOf, madeContact, madeOperator, madeSource, startTestApp } from '../support/http.ts';
import { leakIn } from '../http/support/fuzzer.ts';
import { hasToken } from '../http/support/callers.ts';
import { type Console, openConsole } from './console.ts';

const { LONG, FUZZ_SEED } = process.env;
const seed = FUZZ_SEED === undefined ? (Math.random() * 2 ** 31) | 0 : Number(FUZZ_SEED);
const numRuns = LONG === '1' ? 1_000 : 50;

/** What a console sends that is none of ours: any JSON, bytes, what is too deep, and our fields with anything in them. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom<unknown>(
    undefined,
    [],
    {},
    '\0',
    '\ud800',
    Number.MAX_SAFE_INTEGER,
    1e308,
    -1,
    JSON.parse('{"__proto__":{"contact_id":1},"contact_id":1}'),
    JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`),
    'x'.repeat(60_000),
  ),
);
const oddly = fc.record(
  { after: odd, contact_id: odd, nonsense: odd },
  { requiredKeys: [], noNullPrototype: true },
);
const names = fc.constantFrom(
  'subscribe',
  'typing',
  'event',
  'disconnecting',
  '__proto__',
  '',
  'constructor',
);

/** What a console asks in good faith and in none: by the name of the event, with whatever follows it. */
const calls = fc.record({ name: names, args: fc.array(fc.oneof(odd, oddly), { maxLength: 3 }) });

describe.each(databases)('on %s', (database) => {
  test(
    'nothing that a console sends takes the gateway or another console down',
    { timeout: 600_000 },
    async () => {
      process.stdout.write(`${database}: FUZZ_SEED=${seed}\n`);
      await using app = await startTestApp(database);
      const ann = await madeOperator(app);
      const source = await madeSource(app, {}, { [ann.id]: 1 });
      const contact = await madeContact(app, source.id);
      const token = (await hasToken(app, ann.id)).secret;
      using boss = await openConsole(
        app.url,
        (await hasToken(app, (await madeOperator(app, { role: 'admin' })).id)).secret,
      );
      await boss.subscribe(null);
      let [hers, sent, subscribed, typed] = [await openConsole(app.url, token), 0, 0, 0];
      using _closing = { [Symbol.dispose]: () => hers[Symbol.dispose]() };

      // A socket is heard sixty words in ten seconds, and to subscribe is ten of them.
      const mayGoOn = () => hers.socket.connected && sent % 6 !== 0;

      /** A good subscription is answered; whoever said what is none of ours may be cut off, and comes back. */
      async function comeBack(): Promise<void> {
        const gone = new Promise<null>((resolve) => hers.socket.once('disconnect', () => resolve(null)));
        if (mayGoOn() && (await Promise.race([hers.subscribe(null), gone])) !== null) return;
        hers[Symbol.dispose]();
        hers = await openConsole(app.url, token);
        await hers.subscribe(null);
      }

      await fc.assert(
        fc.asyncProperty(calls, async ({ name, args }) => {
          const told = JSON.stringify((await answerTo(hers, name, args)) ?? null);
          expect([leakIn(told), told.includes('unavailable')]).toEqual([null, false]);
          await comeBack();
          subscribed += 1;
          const heard = new Promise((resolve) => boss.socket.once('typing', resolve));
          hers.socket.emit('typing', { contact_id: contact.id });
          expect(await heard).toMatchObject({ contact_id: contact.id, operator: { id: ann.id } });
          typed += 1;
          sent += 3;
        }),
        { numRuns, seed },
      );

      process.stdout.write(
        `${database}: ${sent} packets, ${subscribed} subscriptions, ${typed} of typing heard\n`,
      );
      expect(Math.min(subscribed, typed)).toBeGreaterThanOrEqual(20);
      const asAnn = await holderOf(app, { operator_id: ann.id });
      expect((await asAnn('GET', `/contacts/${contact.id}`)).status).toBe(200);
    },
  );
});

/** What is answered, undefined when nothing is: `subscribe` is the only one that answers. */
async function answerTo({ socket }: Console, name: string, args: unknown[]): Promise<unknown> {
  if (name !== 'subscribe') {
    // Socket.IO's client keeps its own names to itself.
    if (!['disconnecting', ''].includes(name)) socket.emit(name, ...args);
    return undefined;
  }
  const gone = new Promise<undefined>((resolve) => socket.once('disconnect', () => resolve(undefined)));
  return Promise.race([socket.timeout(10_000).emitWithAck(name, args[0]), gone]);
}
