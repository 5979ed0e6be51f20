import pg from 'pg';

const CHANNEL = 'leadgate_events';
const AGAIN_MS = 1_000;

/** The statement that wakes every gateway; outside of any transaction, where it holds nobody up. */
export const WAKE = `notify ${CHANNEL}`;

/** A connection that hears when any gateway has committed events. It is a hint: what it misses, a look finds. */
export type Listening = AsyncDisposable & {
  /** False while there is no connection: then only looking helps. */
  readonly hears: boolean;
};

/** Listens until it is disposed; a connection that is lost is made anew. Resolves after the first attempt. */
export async function listenToPostgres(databaseUrl: string, wake: () => void): Promise<Listening> {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'leadgate feed',
      connectionTimeoutMillis: 5_000,
      // Nothing is said on this connection for hours; whoever is between must not forget it.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    fresh.on('error', () => end());
    fresh.on('end', () => end());
    fresh.on('notification', wake);
    try {
      await fresh.connect();
      await fresh.query(`listen ${CHANNEL}`);
      client = fresh;
      // What was committed before the connection heard.
      wake();
    } catch {
      end();
    }
    void ended.then(async () => {
      client = null;
      await fresh.end().catch(() => {});
      if (!isClosed) timer = setTimeout(() => void connect(), AGAIN_MS).unref();
    });
  }

  await connect();
  return {
    get hears() {
      return client !== null;
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
