import { Contact } from '../store/entities/contact.ts';
import { Operator } from '../store/entities/operator.ts';
import { Source } from '../store/entities/source.ts';
import type { Desk } from './desk.ts';
import { type Stock, takeStock } from './gauges.ts';
import { gatewayOf, listLeases } from './leases.ts';
import { readSourceReports, type SourceReport } from './source-reports.ts';

/** What the database holds, in figures for people and monitors. */
export type Status = {
  database: Desk['store']['dialect'];
  /** The newest migration. */
  schemaVersion: string;
  /** Those alive; null on SQLite, where the only one needs no sign of life. */
  gateways: string[] | null;
  operators: { active: number; all: number };
  sources: { active: number; all: number };
  contacts: { waiting: number; assigned: number };
  oldestWaitingAt: Date | null;
  deliveries: Stock['deliveries'];
  deadLetters: number;
  bySource: (SourceReport & { waiting: number; oldestSeconds: number })[];
};

/** Counts what there is. */
export async function readStatus(desk: Desk): Promise<Status> {
  const em = desk.store.em();
  const { queues, deliveries, deadLetters } = await takeStock(desk);
  const reports = await readSourceReports(desk);
  const oldest = await em.findOne(
    Contact,
    { status: 'waiting' },
    { orderBy: { createdAt: 'asc', id: 'asc' } },
  );
  return {
    database: desk.store.dialect,
    schemaVersion: (await appliedMigrations(desk)).at(-1)!,
    gateways: desk.store.dialect === 'sqlite' ? null : await livingGateways(desk),
    operators: { active: await em.count(Operator, { isActive: true }), all: await em.count(Operator) },
    sources: { active: await em.count(Source, { isActive: true }), all: reports.length },
    contacts: {
      waiting: queues.reduce((sum, { waiting }) => sum + waiting, 0),
      assigned: await em.count(Contact, { status: 'assigned' }),
    },
    oldestWaitingAt: oldest?.createdAt ?? null,
    deliveries,
    deadLetters,
    bySource: reports.map((report) => {
      const queue = queues.find(({ sourceId }) => sourceId === report.id);
      return { ...report, waiting: queue?.waiting ?? 0, oldestSeconds: queue?.oldestSeconds ?? 0 };
    }),
  };
}

/** The migrations that the database has seen, oldest first. */
export async function appliedMigrations(desk: Desk): Promise<string[]> {
  const rows = await desk.store
    .em()
    .execute<{ name: string }[]>('select name from mikro_orm_migrations order by id');
  return rows.map(({ name }) => name);
}

/** The gateways whose leases have not run out. */
export async function livingGateways(desk: Desk): Promise<string[]> {
  const leases = await listLeases(desk);
  return leases.flatMap(({ name, isLive }) => (isLive ? (gatewayOf(name) ?? []) : []));
}
