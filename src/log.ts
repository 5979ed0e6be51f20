import { pino, type Logger } from 'pino';

export type Log = Logger;

/** One JSON line per thing that happened, with ids; what people wrote and secrets never stand in it. */
export function openLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['token', 'secret', '*.token', '*.secret', 'authorization', '*.authorization'],
      censor: '***',
    },
  });
}
