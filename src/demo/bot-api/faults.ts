import type { ServerResponse } from 'node:http';
import { failureOf, Refusal } from './refusal.ts';

/** What shall go wrong with the next calls; one kind per fault. */
export type Fault = {
  /** How many calls; 1 by default. */
  times?: number;
  /** Only calls of this bot. */
  token?: string;
  /** Answers this status as Telegram does, or with `body` or `html` word by word. */
  status?: number;
  description?: string;
  retryAfter?: number;
  migrateToChatId?: number;
  body?: string;
  html?: boolean;
  /** Does what was asked and answers half of the JSON. */
  cutJson?: boolean;
  /** Says nothing for that many milliseconds (`true`: until the caller goes), then closes. */
  hang?: number | true;
  /** Resets the connection before anything is done. */
  reset?: boolean;
  /** Does what was asked and resets the connection: the caller cannot know. */
  afterSend?: boolean;
};

export type Faults = {
  add(method: string, fault: Fault): void;
  /** The fault meant for this call, if any; each counts down. */
  take(method: string, token: string): Fault | null;
  clear(): void;
};

export function openFaults(): Faults {
  let planned: { method: string; fault: Fault; left: number }[] = [];
  return {
    add(method, fault) {
      planned.push({ method: method.toLowerCase(), fault, left: fault.times ?? 1 });
    },
    take(method, token) {
      const next = planned.find(
        (plan) =>
          (plan.method === '*' || plan.method === method.toLowerCase()) &&
          (plan.fault.token === undefined || plan.fault.token === token),
      );
      if (next === undefined) return null;
      next.left -= 1;
      if (next.left <= 0) planned = planned.filter((plan) => plan !== next);
      return next.fault;
    },
    clear() {
      planned = [];
    },
  };
}

/** Whether the method is carried out all the same. */
export function isAfterwards(fault: Fault): boolean {
  return fault.afterSend === true || fault.cutJson === true;
}

/** Answers the call as the fault says; `result` is there when the method was carried out. */
export function playFault(fault: Fault, response: ServerResponse, result: string | null): void {
  const { socket } = response;
  if (fault.reset === true || fault.afterSend === true) {
    socket?.resetAndDestroy();
  } else if (fault.hang !== undefined) {
    if (fault.hang === true) return;
    const timer = setTimeout(() => socket?.destroy(), fault.hang);
    response.once('close', () => clearTimeout(timer));
  } else if (fault.cutJson === true) {
    const whole = result ?? '{}';
    response.writeHead(200, { 'content-type': 'application/json' }).end(whole.slice(0, whole.length / 2));
  } else if (fault.html === true) {
    const status = fault.status ?? 502;
    response
      .writeHead(status, { 'content-type': 'text/html' })
      .end(fault.body ?? `<html><head><title>${status}</title></head><body>nginx</body></html>`);
  } else {
    const status = fault.status ?? 500;
    const body = fault.body ?? failureOf(new Refusal(status, describe(fault, status), parametersOf(fault)));
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }
}

function describe(fault: Fault, status: number): string {
  if (fault.description !== undefined) return fault.description;
  switch (status) {
    case 400:
      return 'Bad Request';
    case 401:
      return 'Unauthorized';
    case 403:
      return 'Forbidden: bot was blocked by the user';
    case 404:
      return 'Not Found';
    case 409:
      return 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';
    case 429:
      return `Too Many Requests: retry after ${fault.retryAfter ?? 1}`;
    default:
      return 'Internal Server Error';
  }
}

function parametersOf(fault: Fault) {
  if (fault.retryAfter !== undefined) return { retry_after: fault.retryAfter };
  if (fault.migrateToChatId !== undefined) return { migrate_to_chat_id: fault.migrateToChatId };
  return undefined;
}
