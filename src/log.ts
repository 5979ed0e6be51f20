import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, pino, type Logger } from 'pino';

export type Log = Logger;

type Answering = { readonly requestId: string; isOver: boolean };

const answering = new AsyncLocalStorage<Answering>();

/** One JSON line per thing that happened, with ids; what people wrote and secrets never stand in it. */
export function openLog(level: string, out: DestinationStream = pino.destination(1)): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: ownerOfLine,
      serializers: { err: failure },
      redact: {
        paths: ['token', 'secret', '*.token', '*.secret', 'authorization', '*.authorization'],
        censor: '***',
      },
    },
    out,
  );
}

/** Runs `work` as the answering of a request: whatever is logged in it until it ends carries `request_id`. */
export async function whileAnswering<T>(requestId: string, work: () => Promise<T>): Promise<T> {
  const scope = { requestId, isOver: false };
  try {
    return await answering.run(scope, work);
  } finally {
    // What the request has set going may run on for long; its lines are not the request's any more.
    scope.isOver = true;
  }
}

function ownerOfLine(): { request_id?: string } {
  const scope = answering.getStore();
  return scope === undefined || scope.isOver ? {} : { request_id: scope.requestId };
}

/** Of an error what stands in the code: what libraries hang on it are rows, queries and messages of people. */
function failure(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { type, message, stack } = pino.stdSerializers.err(error);
  const { code } = error as NodeJS.ErrnoException;
  return {
    type,
    ...(code !== undefined && { code }),
    message: withoutRow(message),
    stack: withoutRow(stack),
  };
}

// "Key (phone)=(+7999…) already exists", "Failing row contains (…)": PostgreSQL shows what it refuses.
function withoutRow(text: string): string {
  return text.replaceAll(/\n - detail: .*?(?=\n {4}at |$)/gs, '');
}
