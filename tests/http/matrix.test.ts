import pLimit from 'p-limit';
import { describe, expect, test } from 'vitest';
import type { ProblemBody } from '../../src/contract/problem.ts';
import { databases } from '../support/desk.ts';
import {
  type Answer,
  madeContact,
  madeOperator,
  madeSource,
  startTestApp,
  type TestApp,
} from '../support/http.ts';
import { byCookie, byToken, hasSession, hasToken, type Proof, strangersOf } from './support/callers.ts';
import { type Caller, type Floor, openFloor } from './support/floor.ts';
import { expected, type Line, mayByRest, operationOf, type Outcome, type Standing } from './support/may.ts';
import { PASSWORD, signedIn } from './support/sign-in.ts';
import { filledPath, linesOf, type Operation, operationsOf } from './support/operations.ts';

const AT_ONCE = 24;
const roles = ['admin', 'supervisor', 'operator'] as const;
const standings: Standing[] = ['own', 'queue', 'colleague', 'foreign', 'missing'];

/** The bodies of the lines in brackets. */
const bodies: Record<string, unknown> = {
  'updateOperator (availability)': { availability: 'available' },
  changePassword: { current_password: PASSWORD, new_password: `${PASSWORD} two` },
  writeMessage: { text: 'hi' },
  'writeMessage (note)': { text: 'psst', kind: 'note' },
};

let times = 0;

/** What ends the credential it came with, or others of the same operator. */
const ends = new Set(['signOut', 'changePassword', 'endOtherSessions']);

/** Somebody like the caller, with a credential that nobody else needs. */
async function twinOf(app: TestApp, { role, by }: Caller): Promise<Proof> {
  const twin = await madeOperator(app, { role });
  if (by === 'token') return byToken((await hasToken(app, twin.id)).secret);
  const { cookie } = await signedIn(app, twin);
  return { token: null, headers: { cookie, origin: app.url } };
}

/** What must be named in a body has just been made. */
async function bodyFor(app: TestApp, name: string, operation: Operation, caller: Caller): Promise<unknown> {
  switch (name) {
    case 'createSource':
      return { name: 'Another', code: `another-${++times}` };
    case 'updateOperator':
    case 'updateOperatorByPut':
      return { name: caller.me.name };
    case 'assignContact':
      return { operator_id: caller.me.id };
    case 'setOperatorWeight':
      return { source_id: (await madeSource(app)).id, weight: 1 };
    case 'mergeLeads':
      return { into: (await madeContact(app, (await madeSource(app)).id)).lead_id };
    case 'openContact':
      return { external_id: `matrix-${++times}`, source_id: (await madeSource(app)).id };
    default:
      return bodies[name] ?? operation.body;
  }
}

/** What is to be taken away has to be there, wherever both ids name something. */
async function setWeight(app: TestApp, [source, operator]: readonly (number | null)[]): Promise<void> {
  const body = { operator_weights: [{ operator_id: operator, weight: 1 }] };
  await app.admin('PATCH', `/sources/${source}/operators`, { body });
}

function ask(
  app: TestApp,
  operation: Operation,
  path: string,
  { proof, body }: { proof: Proof; body: unknown },
) {
  return app.as(null)(operation.method, `/${path}`, { body, headers: proof.headers });
}

type Case = {
  name: string;
  operation: Operation;
  who: string;
  caller: Caller;
  standing: Standing | null;
  /** Which of the ids stands so. */
  at: number;
  wanted: Outcome;
};

/** Asks once for each way in which each id of the path can stand; the other ids are the caller's own. */
function* casesOf(lines: [string, Operation][], callers: Record<string, Caller>): Generator<Case> {
  for (const [who, caller] of Object.entries(callers))
    for (const [name, operation] of lines) {
      const told = (standing: Standing | null) => expected(mayByRest[name] as Line, caller, standing);
      const one = { name, operation, who, caller, at: 0 };
      if (operation.ids.length === 0) yield { ...one, standing: null, wanted: told(null) };
      for (const at of operation.ids.keys())
        for (const standing of standings) yield { ...one, standing, at, wanted: told(standing) };
    }
}

/** What only looks, or is refused, changes nothing. */
function moves({ operation, wanted }: Case): boolean {
  return operation.method !== 'GET' && (wanted === 'yes' || wanted === 409);
}

async function tryCase(app: TestApp, one: Case): Promise<{ is: string; wants: string } | null> {
  const { name, operation, who, caller, standing, at, wanted } = one;
  const make = moves(one) ? caller.make : caller.standing;
  const values = await Promise.all(
    operation.ids.map(({ kind }, index) => make(kind, index === at ? standing! : 'own')),
  );
  if (values.includes(null)) return null;
  if (name === 'removeWeight' && wanted === 'yes') await setWeight(app, values);
  const body = await bodyFor(app, name, operation, caller);
  const proof = ends.has(name) && moves(one) ? await twinOf(app, caller) : caller.proof;
  const answer = await ask(app, operation, filledPath(operation, values), { proof, body });
  const what = `${name}, ${who}, ${standing ?? 'no id'}: `;
  return { is: what + outcomeOf(answer), wants: what + wanted };
}

/** Told with its code where nobody should be told so. */
function outcomeOf({ status, json }: Answer): string {
  if (status >= 200 && status < 300) return 'yes';
  return [403, 404, 409].includes(status) ? String(status) : `${status} ${JSON.stringify(json)}`;
}

/** What may not have changed: everything that was asked for in vain, as an admin sees it. */
async function standingOf(app: TestApp, floors: Floor[]): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = {};
  for (const floor of floors)
    for (const [name, thing] of floor.kept()) {
      const [kind, standing] = name.split(' ');
      const id = await thing;
      if (id === null || standing === 'missing' || !['contact', 'lead', 'source'].includes(kind!)) continue;
      const path = `/${kind}s/${id}`;
      seen[path] = (await app.admin('GET', path)).json;
    }
  return seen;
}

describe.each(databases)('on %s', (database) => {
  test('every operation has a line that says who may', async () => {
    await using app = await startTestApp(database);

    const operations = (await operationsOf(app)).map(({ id }) => id);

    const named = Object.keys(mayByRest).map(operationOf);
    expect(
      operations.filter((id) => !named.includes(id)),
      'operations without a line in support/may.ts',
    ).toEqual([]);
    expect(
      named.filter((id) => !operations.includes(id)),
      'lines without an operation',
    ).toEqual([]);
  });

  test('everybody may do what the policy says, to what it says, and nothing else', async () => {
    await using app = await startTestApp(database);
    const lines = linesOf(await operationsOf(app)).filter(([name]) => typeof mayByRest[name] === 'object');
    const floors = await Promise.all(roles.map((role) => openFloor(app, role)));
    const callers: Record<string, Caller> = Object.assign(
      await floors[2]!.intake(),
      ...(await Promise.all(floors.map((floor) => floor.callers()))),
    );
    const cases = [...casesOf(lines, callers)];
    const [moving, still] = [cases.filter(moves), cases.filter((one) => !moves(one))];
    const limit = pLimit(AT_ONCE);
    const run = (some: Case[]) => Promise.all(some.map((one) => limit(() => tryCase(app, one))));

    // Once to make what they ask for, once to see that nothing of it changes.
    await run(still);
    const before = await standingOf(app, floors);
    const answers = [...(await run(still)), ...(await run(moving))];
    const after = await standingOf(app, floors);

    const told = answers.filter((answer) => answer !== null);
    expect(told.map(({ is }) => is)).toEqual(told.map(({ wants }) => wants));
    expect(after).toEqual(before);
    process.stdout.write(`${database}: ${told.length} requests of ${Object.keys(callers).length} callers\n`);
  });

  test('whoever has no right to act, or none any more, is told nothing but that', async () => {
    await using app = await startTestApp(database);
    const operations = await operationsOf(app);
    const lines = linesOf(operations).filter(
      ([name]) => typeof mayByRest[name] === 'object' && name === operationOf(name),
    );
    const floor = await openFloor(app, 'admin');
    const caller = Object.values(await floor.callers())[0]!;
    const strangers = await strangersOf(app, 'admin');
    const crossSite = byCookie(app, (await hasSession(app, floor.me.id)).secret);
    strangers['comes from a page of another site'] = {
      token: null,
      headers: { ...crossSite.headers, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    };
    const limit = pLimit(AT_ONCE);

    const answers = await Promise.all(
      Object.entries(strangers).flatMap(([who, proof]) =>
        lines.map(([name, operation]) =>
          limit(async () => {
            const values = await Promise.all(operation.ids.map(({ kind }) => caller.standing(kind, 'own')));
            const { body } = operation;
            const answer = await ask(app, operation, filledPath(operation, values), { proof, body });
            return `${name}, ${who}: ${answer.status} ${(answer.json as ProblemBody | null)?.code}`;
          }),
        ),
      ),
    );

    const wanted = Object.keys(strangers).flatMap((who) =>
      lines.map(
        ([name]) => `${name}, ${who}: ${who.includes('site') ? '403 cross-site' : '401 unauthorized'}`,
      ),
    );
    expect(answers).toEqual(wanted);
    process.stdout.write(
      `${database}: ${answers.length} requests of ${Object.keys(strangers).length} strangers\n`,
    );
  });

  test('the doors of channels take no credential of people, and those of people none of a channel', async () => {
    await using app = await startTestApp(database);
    const floor = await openFloor(app, 'admin');
    const [chief] = Object.values(await floor.callers());
    const hook = byToken(floor.ours.webhook!.secret).headers;
    const body = { external_id: 'ann', text: 'hello' };
    const knock = (path: string, headers: Record<string, string>) =>
      app.as(null)('POST', path, { body, headers });

    const answers = [
      await knock(`//hooks/${floor.ours.code}`, hook),
      await knock(`//hooks/${floor.ours.code}`, chief!.proof.headers),
      await knock(`//hooks/${floor.theirs.code}`, hook),
      await knock('//hooks/nowhere', hook),
      await knock('/contacts', hook),
    ];

    expect(answers.map(({ status }) => status)).toEqual([202, 401, 401, 404, 401]);
  });
});
