import { Api, GrammyError, HttpError } from 'grammy';
import { AddressRefused, guardedAgent, trustedAgent } from '../../outgoing/agent.ts';
import { exchange } from '../../outgoing/exchange.ts';

/** Where bots are reached: the configured server, trusted as given, and the ranges a source's own one may lie in. */
export type TelegramRoot = { apiRoot: string; allow: readonly string[] };

/** Telegram gave no readable answer; `refused`: the call never left, `unknown`: it may have been carried out. */
export class NoAnswer extends Error {
  readonly kind: 'refused' | 'unknown';

  constructor(kind: 'refused' | 'unknown', reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/**
 * A bot's side of the Bot API. Its connections are ours: they tell whether a call has left this machine, which no
 * fetch does, and a server named by a source is reached under the same guard as callbacks. The signal ends every call.
 */
export function telegramApi(
  bot: { token: string; apiRoot: string | null },
  root: TelegramRoot,
  limits: { timeoutMs: number; signal?: AbortSignal },
): Api {
  const agentFor = (url: URL) => (bot.apiRoot === null ? trustedAgent(url) : guardedAgent(url, root.allow));
  const secretPart = bot.token.slice(bot.token.indexOf(':') + 1);
  async function fetchOnce(address: string | URL, { method, headers, body }: Call) {
    const url = new URL(address);
    const result = await exchange({
      url,
      method,
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      body,
      agent: agentFor(url),
      maxBytes: 64 * 1024 * 1024,
      ...limits,
    });
    if (result.kind !== 'answered') throw new NoAnswer(result.kind, result.error);
    if (!result.isWhole) throw new NoAnswer('unknown', 'answer-cut-off');
    const secrets = [secretPart, ...secretTokenIn(body)];
    return { json: async () => readAnswer(result.status, result.body.toString(), secrets) };
  }
  return new Api(bot.token, {
    apiRoot: (bot.apiRoot ?? root.apiRoot).replace(/\/+$/, ''),
    // The exchange keeps the clock; this one would only hide what happened.
    timeoutSeconds: limits.timeoutMs / 1000 + 60,
    fetch: fetchOnce,
  });
}

type Call = { method: string; headers: Record<string, string>; body: string };

/** What Telegram is to send along with its updates, where this call tells it. */
function secretTokenIn(body: string): string[] {
  const [, secret] = /"secret_token":"([^"\\]+)"/.exec(body) ?? [];
  return secret === undefined ? [] : [secret];
}

/**
 * A server, or a proxy before it, may say the address back, and what is said of a failure is shown and logged: no secret
 * stands in it any more. What went well is left as it is, because customers' words are in it.
 */
function readAnswer(status: number, text: string, secrets: readonly string[]): unknown {
  try {
    const answer: unknown = JSON.parse(text);
    if (isSuccess(answer)) return answer;
    const clean: unknown = JSON.parse(secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text));
    if (isFailure(clean)) return clean;
  } catch {
    // Falls through: HTML of a proxy, or half of an answer.
  }
  throw new NoAnswer('unknown', `answer-unreadable (${status})`);
}

function isSuccess(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === true;
}

function isFailure(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'error_code' in value &&
    typeof value.error_code === 'number'
  );
}

/** Whoever asks for more than a day is asked again after a day: an outage is not to last as long as a wrong answer says. */
const LONGEST_WAIT_S = 86_400;

/** How a call of the Bot API went wrong. `reason` is fit for logs: it holds no token and no address. */
export type Failure =
  | { kind: 'refused'; reason: string }
  | { kind: 'unknown'; reason: string }
  | { kind: 'answered'; status: number; reason: string; retryAfterMs: number | null };

/** Reads what a call of the Bot API threw. What cannot be understood may have been carried out. */
export function failureOf(error: unknown): Failure {
  if (error instanceof GrammyError) {
    const { error_code: status, description, parameters } = error;
    const wait = parameters.retry_after;
    const retryAfterMs = typeof wait === 'number' && wait >= 0 ? Math.min(wait, LONGEST_WAIT_S) * 1000 : null;
    return { kind: 'answered', status, reason: `${status} ${description}`, retryAfterMs };
  }
  const cause: unknown = error instanceof HttpError ? error.error : error;
  if (cause instanceof NoAnswer) return { kind: cause.kind, reason: cause.message };
  if (cause instanceof AddressRefused) return { kind: 'refused', reason: cause.code };
  return { kind: 'unknown', reason: cause instanceof Error ? cause.name : 'unknown' };
}
