import type pg from 'pg';
import { expect, test } from 'vitest';
import type { GatewayEvent } from '../../src/contract/event.ts';
import { type Console, openConsole } from '../realtime/console.ts';
import { freshDatabase } from '../support/desk.ts';
import type { Started } from '../support/gateway.ts';
import { connect } from '../support/postgres.ts';
import { ADMIN_TOKEN, mustCall, settingsOf, startGateways } from './support/gateways.ts';

const CLIENTS = 64;
const EACH = 12;
const OPERATORS = 10;
const CAP = 20;

/** What the rows say at one moment: what every operator has, and what it may have. */
async function sample(db: pg.Client): Promise<void> {
  const { rows } = await db.query<{ load: number; max_load: number; counted: string }>(
    `select o.load, o.max_load,
            (select count(*) from contact c where c.operator_id = o.id and c.status = 'assigned') as counted
       from operator o`,
  );
  for (const { load, max_load: cap, counted } of rows) {
    expect(load).toBe(Number(counted));
    expect(load).toBeLessThanOrEqual(cap);
  }
}

/** Opens contacts one after the other, each at the next gateway, and closes every third. */
async function works(gateways: Started[], client: number): Promise<number[]> {
  const opened: number[] = [];
  for (let n = 0; n < EACH; n++) {
    const gateway = gateways[(client + n) % gateways.length]!;
    const body = { external_id: `lead-${client}-${n}`, source_code: 'desk' };
    const contact = await mustCall(gateway, 'POST', '/contacts', { body });
    opened.push(Number(contact['id']));
    if (n % 3 === 2)
      await mustCall(gateways[n % gateways.length]!, 'PUT', `/contacts/${opened.at(-2)!}/close`, {
        body: {},
      });
  }
  return opened;
}

function createdIn(events: readonly GatewayEvent[]): Set<number> {
  return new Set(events.flatMap(({ type, data }) => (type === 'contact.created' ? [data.id] : [])));
}

test.each([2, 4])(
  '%i gateways on one PostgreSQL: caps hold at every moment, nobody is lost, all hear all',
  {
    timeout: 120_000,
  },
  async (count) => {
    await using database = await freshDatabase('postgresql');
    await using running = await startGateways(count, settingsOf(database));
    const gateways = running.all;
    const desk = { name: 'Desk', code: 'desk' };
    const source = await mustCall(gateways[0]!, 'POST', '/sources', { body: desk });
    for (let n = 0; n < OPERATORS; n++) {
      const { id } = await mustCall(gateways[0]!, 'POST', '/operators', {
        body: { name: `Op ${n}`, max_load: CAP },
      });
      const weight = { source_id: source['id'], weight: n + 1 };
      await mustCall(gateways[0]!, 'POST', `/operators/${String(id)}/weights`, { body: weight });
    }
    using consoles = new DisposableStack();
    const heard: Console[] = [];
    for (const gateway of gateways) {
      const console = consoles.use(await openConsole(gateway.url, ADMIN_TOKEN));
      await console.subscribe(null);
      heard.push(console);
    }
    await using db = await connect(database.url);
    let isWorking = true;
    let samples = 0;
    const watching = (async () => {
      for (; isWorking; samples++) await sample(db);
    })();

    const working = Promise.all(Array.from({ length: CLIENTS }, (_, n) => works(gateways, n)));
    try {
      await working;
    } finally {
      isWorking = false;
      await watching;
    }
    const opened = (await working).flat();

    expect(samples).toBeGreaterThan(20);
    await sample(db);
    const { rows } = await db.query<{ id: string; status: string; operator_id: string | null }>(
      'select id, status, operator_id from contact',
    );
    expect(new Set(rows.map(({ id }) => Number(id)))).toEqual(new Set(opened));
    expect(rows.filter(({ status }) => status === 'assigned')).toHaveLength(OPERATORS * CAP);
    expect(rows.filter(({ status }) => status === 'closed')).toHaveLength((CLIENTS * EACH) / 3);
    for (const { status, operator_id: operator } of rows)
      if (status !== 'closed') expect(operator === null).toBe(status === 'waiting');
    for (const console of heard) {
      await console.hears(({ type, data }) => type === 'contact.created' && data.id === opened.at(-1));
      await expect.poll(() => createdIn(console.heard).size, { timeout: 10_000 }).toBe(opened.length);
      expect(console.heard.filter(({ type }) => type === 'contact.created')).toHaveLength(opened.length);
    }
    await heardWithinASecond(gateways, heard);
  },
);

/** In a quiet moment: from the answer at one gateway to the event at every other one. */
async function heardWithinASecond(gateways: Started[], consoles: Console[]): Promise<void> {
  for (const [n, gateway] of gateways.entries()) {
    const body = { external_id: `quiet-${n}`, source_code: 'desk' };
    const { id } = await mustCall(gateway, 'POST', '/contacts', { body });
    const answered = performance.now();
    await Promise.all(
      consoles.map((console) =>
        console.hears(({ type, data }) => type === 'contact.created' && data.id === id),
      ),
    );
    expect(performance.now() - answered).toBeLessThan(1000);
  }
}
