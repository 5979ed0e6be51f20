import type { SourceId } from '../contract/ids.ts';
import type { SourceHealth } from '../contract/source.ts';
import type { Desk } from '../desk/desk.ts';
import { writeReports } from '../desk/lease-reports.ts';
import type { Log } from '../log.ts';

type Options = {
  desk: Desk;
  log: Log;
  gateway: string;
  everyMs: number;
  read: () => { sourceId: SourceId; report: SourceHealth }[];
};

/** Writes down how the bots here do, where it has changed, for other gateways and the command line. */
export function startReports({ desk, log, gateway, everyMs, read }: Options): AsyncDisposable {
  const told = new Map<SourceId, string>();
  let writing: Promise<void> | undefined;

  async function tell(): Promise<void> {
    const reports = read();
    const served = new Set(reports.map(({ sourceId }) => sourceId));
    // A lease that was lost has lost its report: whoever has it again tells anew.
    for (const id of told.keys()) if (!served.has(id)) told.delete(id);
    const changed = reports.flatMap(({ sourceId, report }) => {
      const text = JSON.stringify(report);
      return told.get(sourceId) === text ? [] : [{ sourceId, text }];
    });
    if (changed.length === 0) return;
    await writeReports(desk, gateway, changed);
    for (const { sourceId, text } of changed) told.set(sourceId, text);
  }

  const timer = setInterval(() => {
    writing ??= tell()
      .catch((error: unknown) => log.warn({ err: error }, 'how the bots do could not be written down'))
      .finally(() => {
        writing = undefined;
      });
  }, everyMs).unref();

  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await writing;
    },
  };
}
