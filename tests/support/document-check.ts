import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

type Schema = { [key: string]: unknown };
type Media = { schema: Schema };
type Operation = {
  operationId: string;
  parameters?: { in: string; name: string; schema: Schema }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
};
export type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

export type Answered = {
  method: string;
  path: string;
  status: number;
  contentType: string | null;
  text: string;
};

export type DocumentCheck = {
  /** Throws unless the document lists this answer and its body is what it says, with no field more. */
  check(answer: Answered): void;
  /** Every `METHOD /path status` of the document. */
  readonly listed: readonly string[];
  /** Those that came so far. */
  readonly seen: ReadonlySet<string>;
};

/** Holds answers against the OpenAPI document that the gateway itself serves. */
export function openDocumentCheck(document: Document): DocumentCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  for (const [name, schema] of Object.entries(document.components.schemas))
    ajv.addSchema(closed(schema) as Schema, `#/components/schemas/${name}`);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      method: method.toUpperCase(),
      path,
      responses,
    })),
  );
  const validators = new Map<Media, ValidateFunction>();
  const seen = new Set<string>();

  function validatorOf(media: Media): ValidateFunction {
    let validate = validators.get(media);
    if (validate === undefined)
      validators.set(media, (validate = ajv.compile(closed(media.schema) as Schema)));
    return validate;
  }

  return {
    listed: operations.flatMap(({ method, path, responses }) =>
      Object.keys(responses).map((status) => `${method} ${path} ${status}`),
    ),
    seen,
    check({ method, path, status, contentType, text }) {
      const operation = operations.find((one) => one.method === method && matches(one.path, path));
      if (operation === undefined) return;
      const place = `${method} ${operation.path} ${status}`;
      const response = operation.responses[status];
      if (response === undefined) throw new Error(`${place} is not in the document: ${text.slice(0, 500)}`);
      seen.add(place);
      if (response.content === undefined) {
        if (text !== '') throw new Error(`${place} has a body: ${text.slice(0, 500)}`);
        return;
      }
      const mediaType = (contentType ?? '').split(';')[0]!.trim();
      const media = response.content[mediaType];
      if (media === undefined) throw new Error(`${place} came as ${contentType}`);
      const validate = validatorOf(media);
      if (!validate(mediaType.endsWith('json') ? JSON.parse(text) : text))
        throw new Error(
          `${place} is not what the document says: ${ajv.errorsText(validate.errors)}\n${text}`,
        );
    },
  };
}

function matches(template: string, path: string): boolean {
  const parts = template.split('/');
  const given = path.replace(/(?<=.)\/$/, '').split('/');
  return (
    parts.length === given.length &&
    parts.every((part, index) => part.startsWith('{') || part === given[index])
  );
}

// What a schema does not name must not be there: a field too many is how secrets get out.
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)] as const);
  const copy: Schema = Object.fromEntries(entries);
  if (typeof copy['properties'] === 'object' && copy['type'] !== undefined)
    copy['additionalProperties'] ??= false;
  return copy;
}
