export type Parameters = { retry_after?: number; migrate_to_chat_id?: number };

/** An answer of the Bot API that is not `ok`. */
export class Refusal extends Error {
  readonly status: number;
  readonly parameters: Parameters | undefined;

  constructor(status: number, description: string, parameters?: Parameters) {
    super(description);
    this.status = status;
    this.parameters = parameters;
  }
}

/** A 400 as Telegram words it. */
export function badRequest(what: string): Refusal {
  return new Refusal(400, `Bad Request: ${what}`);
}

export function failureOf({ status, message, parameters }: Refusal): string {
  return JSON.stringify({ ok: false, error_code: status, description: message, parameters });
}
