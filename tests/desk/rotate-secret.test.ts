import { describe, expect, test } from 'vitest';
import { SourceCreate } from '../../src/contract/source.ts';
import { findChannel } from '../../src/desk/channels.ts';
import { createSource } from '../../src/desk/create-source.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { rotateSecret } from '../../src/desk/rotate-secret.ts';
import { secretsAt } from '../../src/desk/source-secret.ts';
import { getSource } from '../../src/desk/sources.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { AuditEntry } from '../../src/store/entities/audit-entry.ts';
import { Source } from '../../src/store/entities/source.ts';
import { openSeal } from '../../src/store/seal.ts';
import {
  admin,
  databases,
  hasSource,
  openTestDesk,
  stoppedClock,
  supervisor,
  type TestDesk,
} from '../support/desk.ts';
import { configVersion, eventsOf } from './administration.ts';

const HOUR = 3_600_000;

async function hasHook(desk: Desk): Promise<string> {
  const input = SourceCreate.parse({ name: 'Shop', code: 'shop', kind: 'webhook' });
  return (await createSource(desk, admin, input)).webhook!.secret;
}

const rotate = (desk: Desk, overlap_hours = 24) => rotateSecret(desk, admin, 'shop', { overlap_hours });

/** What opens the door of the shop now. */
async function counting(desk: Desk): Promise<string[]> {
  const channel = await findChannel(desk, { code: 'shop' });
  return secretsAt(channel!.webhook!.secrets, desk.clock.now());
}

const audited = (desk: TestDesk, action: string) => desk.store.em().find(AuditEntry, { action });

describe.each(databases)('on %s', (database) => {
  test('the old secret counts beside the new one until its time has come, and not a moment longer', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const old = await hasHook(desk);

    const { secret, secret_hint, previous_secret_until } = await rotate(desk, 2);

    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    expect(secret).not.toBe(old);
    expect(secret_hint).toBe(secret.slice(-4));
    expect(previous_secret_until).toBe('2026-01-01T02:00:00.000Z');
    expect(await getSource(desk, admin, 'shop')).toMatchObject({
      webhook: { secret_hint, previous_secret_until },
    });
    expect(await counting(desk)).toEqual([secret, old]);
    // Nothing has changed but the time: what is kept in memory has to let go of it.
    clock.advance(2 * HOUR - 1);
    expect(await counting(desk)).toEqual([secret, old]);
    clock.advance(1);
    expect(await counting(desk)).toEqual([secret]);
  });

  test('without an overlap the old secret is gone at once, with its trace in the database', async () => {
    await using desk = await openTestDesk(database);
    await hasHook(desk);
    await rotate(desk);

    const { secret, previous_secret_until } = await rotate(desk, 0);

    expect(previous_secret_until).toBeNull();
    expect(await counting(desk)).toEqual([secret]);
    const row = await desk.store.em().findOneOrFail(Source, { code: 'shop' });
    expect(row).toMatchObject({ previousSealedSecret: null, previousSecretUntil: null });
  });

  test('a second rotation drops the secret before the last', async () => {
    await using desk = await openTestDesk(database);
    await hasHook(desk);

    const first = await rotate(desk);
    const second = await rotate(desk);

    expect(await counting(desk)).toEqual([second.secret, first.secret]);
  });

  test('rotations at the same time pass one by one: the last two count, and each was answered', async () => {
    await using desk = await openTestDesk(database);
    await using other = await openTestDesk(database, { url: desk.databaseUrl });
    await hasHook(desk);
    const before = await configVersion(desk);

    const answered = await Promise.all([desk, other, desk, other].map((one) => rotate(one)));

    const secrets = answered.map(({ secret }) => secret);
    expect(new Set(secrets).size).toBe(4);
    await using fresh = await openTestDesk(database, { url: desk.databaseUrl });
    const left = await counting(fresh);
    expect(left).toHaveLength(2);
    expect(secrets).toEqual(expect.arrayContaining(left));
    expect(await configVersion(desk)).toBe(before + 4);
    expect(await audited(desk, 'source.secret-rotated')).toHaveLength(4);
  });

  test('another gateway follows as soon as it is told', async () => {
    await using desk = await openTestDesk(database);
    const old = await hasHook(desk);
    await using other =
      database === 'postgresql' ? await openTestDesk(database, { url: desk.databaseUrl }) : desk;
    expect(await counting(other)).toEqual([old]);

    const { secret } = await rotate(desk, 0);

    await expect.poll(() => counting(other), { timeout: 5000 }).toEqual([secret]);
  });

  test('no secret stands in what is told, kept or audited', async () => {
    await using desk = await openTestDesk(database);
    const old = await hasHook(desk);

    const { secret } = await rotate(desk);

    const entries = await audited(desk, 'source.secret-rotated');
    expect(entries).toMatchObject([
      { subject: expect.stringMatching(/^source:\d+$/), actor: 'token:environment', before: null },
    ]);
    const kept = JSON.stringify([
      entries,
      await eventsOf(desk, 'source.updated'),
      await desk.store.em().find(Source, {}),
      await getSource(desk, admin, 'shop'),
    ]);
    for (const one of [old, secret]) expect(kept).not.toContain(one);
    expect(JSON.stringify(entries)).not.toContain(secret.slice(-4));
  });

  test('what was sealed as the secret before opens in no other place', async () => {
    await using desk = await openTestDesk(database);
    await hasHook(desk);
    await rotate(desk);

    await desk.store.write((tx) =>
      tx.em.execute(
        'update source set sealed_secret = previous_sealed_secret, previous_sealed_secret = sealed_secret',
      ),
    );
    desk.channelCache.clear();

    await expect(counting(desk)).rejects.toThrow();
  });

  test('a source whose key was lost is mended by a new secret', async () => {
    await using desk = await openTestDesk(database);
    await hasHook(desk);
    const moved = { ...desk, seal: openSeal(Buffer.alloc(32, 8)) };

    const { secret, previous_secret_until } = await rotate(moved);

    expect(previous_secret_until).toBeNull();
    expect(await counting(moved)).toEqual([secret]);
  });

  test('a source of another kind has no secret of ours, and only an admin rotates', async () => {
    await using desk = await openTestDesk(database);
    await hasSource(desk, { code: 'site' });
    await hasHook(desk);
    const hours = { overlap_hours: 1 };

    await expect(rotateSecret(desk, admin, 'site', hours)).rejects.toMatchObject({ code: 'no-secret' });
    await expect(rotateSecret(desk, admin, 'none', hours)).rejects.toMatchObject({ code: 'not-found' });
    await expect(rotateSecret(desk, supervisor, 'shop', hours)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('another bot token is audited, without the token and its hint; the same one is no change', async () => {
    await using desk = await openTestDesk(database);
    const tokens = [
      '123456:AAbbccddeeffgghhiijjkkllmmnnooppqqr',
      '123456:ZZbbccddeeffgghhiijjkkllmmnnoozzzz',
    ];
    const bot = { name: 'Bot', code: 'bot', kind: 'telegram', telegram: { token: tokens[0] } };
    const { id } = await createSource(desk, admin, SourceCreate.parse(bot));

    for (const token of [tokens[0], tokens[1]])
      await updateSource(desk, admin, 'bot', { telegram: { token } });

    const entries = await audited(desk, 'source.token-changed');
    expect(entries).toMatchObject([{ subject: `source:${id}`, before: null, after: null }]);
    expect(JSON.stringify(entries)).not.toMatch(/AAbb|ZZbb|zzzz|ppqqr/);
  });
});
