type Call = {
  token: string;
  body?: unknown;
  /** Under which the call may be repeated. */
  key?: string;
  signal?: AbortSignal;
};

/** One call of the REST API of the gateway at `url`. */
export function callApi(
  url: string,
  method: string,
  path: string,
  { token, body, key, signal }: Call,
): Promise<Response> {
  return fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  });
}
