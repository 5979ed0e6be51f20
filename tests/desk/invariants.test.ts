import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { InvariantCheck, InvariantName, Invariants } from '../../src/contract/invariants.ts';
import type { ContactId, OperatorId } from '../../src/contract/ids.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { drainSources } from '../../src/desk/drain.ts';
import { invariantBreaches, invariants } from '../../src/desk/invariants.ts';
import { repairInvariants } from '../../src/desk/invariants-repair.ts';
import { watchInvariants } from '../../src/desk/invariants-watch.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { reopenContact } from '../../src/desk/reopen-contact.ts';
import { RELEASE_PAUSE_MS } from '../../src/desk/reroute.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { openLog } from '../../src/log.ts';
import { AuditEntry } from '../../src/store/entities/audit-entry.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  openTestDesk,
  opens,
  stoppedClock,
  supervisor,
  waits,
} from '../support/desk.ts';

/** The second look comes right after the first. */
const atOnce = async (): Promise<void> => {};

/** Somebody writes to the database and tells nobody. */
async function tampers(desk: Desk, sql: string): Promise<void> {
  await desk.store.write((tx) => tx.em.execute(sql));
}

const look = (desk: Desk): Promise<Invariants> => invariants(desk, supervisor, atOnce);

function checkOf(checks: readonly InvariantCheck[], name: InvariantName): InvariantCheck {
  return checks.find((check) => check.name === name)!;
}

/** Everything that does not hold, as `name subject`. */
function breachesIn(checks: readonly InvariantCheck[]): string[] {
  return checks.flatMap(({ name, examples }) => examples.map(({ subject }) => `${name} ${subject}`));
}

describe.each(databases)('on %s', (database) => {
  test('all holds on an empty desk, and after every kind of move', async () => {
    await using desk = await openTestDesk(database);
    const empty = await look(desk);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 }, maxLoad: 3 });
    const [first, second, third] = [
      await opens(desk, source, 'first'),
      await opens(desk, source, 'second'),
      await opens(desk, source, 'third'),
    ];
    const bob = await hasOperator(desk, { on: { [source]: 1 }, maxLoad: 1 });
    await assignContact(desk, admin, first.id, { operator_id: bob });
    await closeContact(desk, actingAs(bob), first.id, {});
    await reopenContact(desk, admin, first.id, {});
    await releaseContact(desk, actingAs(ann), second.id);
    await closeContact(desk, admin, third.id, {});
    await updateOperator(desk, admin, ann, { is_active: false, open_contacts: 'requeue' });

    const found = await look(desk);

    expect(empty.ok).toBe(true);
    expect(found).toMatchObject({ ok: true, checked_at: expect.stringMatching(/Z$/) });
    expect(found.checks.map(({ name, breaches }) => [name, breaches])).toEqual([
      ['load', 0],
      ['one-operator', 0],
      ['unserved', 0],
      ['trail', 0],
    ]);
  });

  test('a load that is not the number of assigned contacts is found, with both', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    await opens(desk, source, 'lead');
    await look(desk);

    await tampers(desk, `update operator set load = 7 where id = ${ann}`);
    const { ok, checks } = await look(desk);

    expect(ok).toBe(false);
    expect(checkOf(checks, 'load')).toEqual({
      name: 'load',
      ok: false,
      breaches: 1,
      examples: [
        {
          subject: `operator:${ann}`,
          detail: `Operator ${ann} has load 7, but its assigned contacts number 1.`,
        },
      ],
    });
    expect(invariantBreaches(desk)).toEqual(
      new Map([
        ['load', 1],
        ['one-operator', 0],
        ['unserved', 0],
        ['trail', 0],
      ]),
    );
  });

  test.each([
    ["status = 'assigned', operator_id = null", 'is assigned, but has no operator'],
    ["status = 'waiting'", 'is waiting, but has operator 1'],
    ["status = 'closed'", 'is closed, but does not say since when'],
    ['closed_at = created_at', 'is assigned, but says when it was closed'],
  ])('a contact with %s is found', async (change, told) => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    await look(desk);

    await tampers(desk, `update contact set ${change} where id = ${id}`);
    const { checks } = await look(desk);

    expect(checkOf(checks, 'one-operator')).toMatchObject({
      breaches: 1,
      examples: [{ subject: `contact:${id}`, detail: `Contact ${id} ${told}.` }],
    });
  });

  test('a contact that waits beside a free operator is found, and not while a drain is under way', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 }, maxLoad: 0 });
    const { id } = await waits(desk, source);
    clock.advance(61_000);

    await tampers(desk, `update operator set max_load = 5 where id = ${ann}`);
    const standing = await look(desk);
    const moving = await invariants(desk, supervisor, () => drainSources(desk, [source]));

    expect(checkOf(standing.checks, 'unserved')).toMatchObject({
      breaches: 1,
      examples: [
        {
          subject: `contact:${id}`,
          detail:
            `Contact ${id}, opened 61 seconds ago, waits on source ${source} though operator ` +
            `${ann} with load 0 of 5 could take it; operators who could: 1.`,
        },
      ],
    });
    expect(moving.ok).toBe(true);
  });

  test('a released contact waits for its operator no longer than the pause', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    await releaseContact(desk, actingAs(ann), id);
    await desk.drains.idle();

    clock.advance(RELEASE_PAUSE_MS - 1);
    const within = await look(desk);
    clock.advance(1);
    const after = await look(desk);

    expect([breachesIn(within.checks), breachesIn(after.checks)]).toEqual([[], [`unserved contact:${id}`]]);
  });

  test('nobody waits for an operator that has declined, that is paused or offline', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { offerSeconds: 60 });
    const present = await hasSource(desk, { requirePresence: true });
    const ann = await hasOperator(desk, { on: { [source]: 1, [present]: 1 }, maxLoad: 0 });
    await hasOperator(desk, { on: { [source]: 1 }, availability: 'paused' });
    const { id } = await waits(desk, source);
    await waits(desk, present, 'another');

    await tampers(desk, `update operator set max_load = 5 where id = ${ann}`);
    await tampers(desk, `update contact set declined = '[[${ann},"declined"]]' where id = ${id}`);

    expect(await look(desk)).toMatchObject({ ok: true });
    // Where nothing is offered any more, nobody has declined.
    await tampers(desk, `update source set offer_seconds = 0 where id = ${source}`);
    expect(breachesIn((await look(desk)).checks)).toEqual([`unserved contact:${id}`]);
  });

  test('a contact at odds with its newest event is found, until it is not', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const bob = await hasOperator(desk);
    const { id } = await opens(desk, source, 'lead');

    await tampers(desk, `update contact set operator_id = ${bob} where id = ${id}`);
    const odd = await look(desk);
    await tampers(desk, `update contact set operator_id = ${ann} where id = ${id}`);
    const even = await look(desk);

    const [example] = checkOf(odd.checks, 'trail').examples;
    expect(example).toEqual({
      subject: `contact:${id}`,
      detail: expect.stringMatching(
        new RegExp(
          `^Contact ${id} is assigned with operator ${bob}, but its newest event \\d+ \\(contact\\.assigned\\) says assigned with operator ${ann}\\.$`,
        ),
      ),
    });
    expect(even.ok).toBe(true);
  });

  test('a contact whose events are gone is not asked for them', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const { id } = await waits(desk, source);

    await tampers(desk, `delete from event where contact_id = ${id}`);

    expect(await look(desk)).toMatchObject({ ok: true });
  });

  test('nothing is found by mistake while contacts are opened and closed', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    for (let n = 0; n < 4; n++) await hasOperator(desk, { on: { [source]: 1 }, maxLoad: 3 });
    let isOver = false;
    const traffic = Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const { id } = await opens(desk, source, `lead ${n}`);
        await closeContact(desk, admin, id, {});
      }),
    ).finally(() => (isOver = true));

    const found: string[] = [];
    while (!isOver) {
      found.push(...breachesIn((await invariants(desk, supervisor)).checks));
      await nextTurn();
    }
    await traffic;
    await desk.drains.idle();
    found.push(...breachesIn((await look(desk)).checks));

    expect(found).toEqual([]);
  });

  test('who asks at the same time shares one look', async () => {
    await using desk = await openTestDesk(database);
    const clock = stoppedClock();
    let asked = 0;
    const counting = { ...desk, clock: { now: () => (asked++, clock.now()) } };

    const [one, other] = await Promise.all([look(counting), look(counting)]);

    expect([one, asked]).toEqual([other, 1]);
  });

  test('a repair sets a load to what is counted, serves who waits, and is noted in the audit', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 }, maxLoad: 2 });
    await opens(desk, source, 'first');
    await tampers(desk, `update operator set load = 2 where id = ${ann}`);
    const waiting = await waits(desk, source, 'second');

    const { repaired, remaining } = await repairInvariants(desk, actingAs(ann, 'admin'), atOnce);

    const change = { subject: `operator:${ann}`, before: { load: 2 }, after: { load: 1 } };
    expect(repaired).toEqual([{ invariant: 'load', ...change }]);
    expect(remaining).toEqual([]);
    expect(await desk.store.em().findAll(AuditEntry)).toMatchObject([
      { ...change, action: 'operator.load-repaired', actor: `operator:${ann}` },
    ]);
    expect(await standingOf(desk, waiting.id)).toEqual({ status: 'assigned', operator_id: ann });
    expect(await loadsOf(desk)).toMatchObject([{ load: 2, counted: 2 }]);
    expect(await look(desk)).toMatchObject({ ok: true });
    // Intake does not go on with what it remembered.
    expect((await opens(desk, source, 'third')).status).toBe('waiting');
  });

  test('a repair lets a queue move that stands still', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 }, maxLoad: 0 });
    const { id } = await waits(desk, source);
    await tampers(desk, `update operator set max_load = 1 where id = ${ann}`);

    const mended = await repairInvariants(desk, admin, atOnce);

    expect(mended).toEqual({
      repaired: [
        {
          invariant: 'unserved',
          subject: `contact:${id}`,
          before: { status: 'waiting', operator_id: null },
          after: { status: 'assigned', operator_id: ann },
        },
      ],
      remaining: [],
    });
    expect(await desk.store.em().count(AuditEntry)).toBe(0);
  });

  test('a repair leaves alone what only a person can judge', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const { id } = await waits(desk, source);
    await tampers(desk, `update contact set status = 'closed' where id = ${id}`);

    const { repaired, remaining } = await repairInvariants(desk, admin, atOnce);

    expect(repaired).toEqual([]);
    expect(breachesIn(remaining)).toEqual([`one-operator contact:${id}`, `trail contact:${id}`]);
    expect(await standingOf(desk, id)).toEqual({ status: 'closed', operator_id: null });
  });

  test('repairs do not run into contacts that move meanwhile', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 }, maxLoad: 100 });
    await tampers(desk, `update operator set load = 50 where id = ${ann}`);

    const [{ repaired }] = await Promise.all([
      repairInvariants(desk, admin, atOnce),
      repairInvariants(desk, admin, atOnce),
      ...Array.from({ length: 60 }, async (_, n) => {
        const { id } = await opens(desk, source, `lead ${n}`);
        if (n % 2 === 0) await closeContact(desk, admin, id, {});
      }),
    ]);
    await desk.drains.idle();

    expect(repaired.length).toBeLessThan(2);
    expect(await loadsOf(desk)).toMatchObject([{ load: 30, counted: 30 }]);
    expect(await desk.store.em().count(AuditEntry)).toBe(1);
  });

  test('the watch logs each breach once, and mends nothing', async () => {
    await using desk = await openTestDesk(database);
    const [ann, bob] = [await hasOperator(desk), await hasOperator(desk)];
    const { log, lines, line } = listening();
    const watched = { ...desk, log };
    const watch = watchInvariants(watched, { everyMs: 1, pause: atOnce });

    await tampers(desk, `update operator set load = 3 where id = ${ann}`);
    await line(1);
    await tampers(desk, `update operator set load = 4 where id = ${bob}`);
    await line(2);
    await watch[Symbol.asyncDispose]();

    expect(lines.map(({ level, invariant, subject }) => ({ level, invariant, subject }))).toEqual([
      { level: 50, invariant: 'load', subject: `operator:${ann}` },
      { level: 50, invariant: 'load', subject: `operator:${bob}` },
    ]);
    expect((await loadsOf(desk)).map(({ load }) => load)).toEqual([3, 4]);
  });
});

test('a look reads no table as a whole and sorts nothing', async () => {
  await using desk = await openTestDesk('sqlite');
  const source = await hasSource(desk);
  await hasOperator(desk, { on: { [source]: 1 }, maxLoad: 0 });
  await waits(desk, source);
  const asked = new Map<string, unknown[]>();

  await look(desk);
  await look({ ...desk, store: { ...desk.store, em: () => noting(desk, asked) } });

  const plans: [string, string[]][] = [];
  for (const [sql, params] of asked) {
    const steps = await desk.store.em().execute<{ detail: string }[]>(`explain query plan ${sql}`, params);
    plans.push([sql, steps.map((step) => step.detail)]);
  }
  expect(plans.length).toBeGreaterThan(7);
  const isWhole = (sql: string, step: string): boolean =>
    /TEMP B-TREE/.test(step) || (/^SCAN (c|e|x|contact|event)\b/.test(step) && !isNewest.test(sql));
  expect(plans.filter(([sql, steps]) => steps.some((step) => isWhole(sql, step)))).toEqual([]);
});

/** Goes from the end of the table, no further than it is told. */
const isNewest = /^select id from contact order by id desc limit \d+$/;

/** An entity manager that notes what is asked through it. */
function noting(desk: Desk, asked: Map<string, unknown[]>): ReturnType<Desk['store']['em']> {
  const em = desk.store.em();
  const execute = em.execute.bind(em) as (sql: string, params?: unknown[]) => Promise<unknown>;
  const noted = (sql: string, params: unknown[] = []) => (asked.set(sql, params), execute(sql, params));
  return Object.assign(em, { execute: noted });
}

type Line = { level: number; invariant: string; subject: string };

/** A log whose lines are kept; `line(n)` resolves with the n-th. */
function listening() {
  const lines: Line[] = [];
  const awaited = new Map<number, () => void>();
  const out = new Writable({
    write(text, _, done) {
      lines.push(JSON.parse(String(text)) as Line);
      awaited.get(lines.length)?.();
      done();
    },
  });
  const line = (n: number): Promise<void> =>
    new Promise((resolve) => {
      awaited.set(n, resolve);
      if (lines.length >= n) resolve();
    });
  return { log: openLog('info', out), lines, line };
}

async function standingOf(
  desk: Desk,
  id: ContactId,
): Promise<{ status: string; operator_id: OperatorId | null }> {
  const [row] = await desk.store
    .em()
    .execute<{ status: string; operator_id: number | string | null }[]>(
      `select status, operator_id from contact where id = ${id}`,
    );
  const { status, operator_id } = row!;
  return { status, operator_id: operator_id === null ? null : (Number(operator_id) as OperatorId) };
}
