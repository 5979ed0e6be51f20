import { type FieldError, type ProblemCode, problems } from './contract/problem.ts';

type Details = {
  detail?: string;
  errors?: FieldError[];
  /** Who has the contact, for `already-taken`. */
  operator?: { id: number; name: string };
  /** Seconds after which another try makes sense. */
  retryAfter?: number;
};

/** A refusal that the caller is told about; its code comes from the closed table in `contract/problem.ts`. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly details: Details;

  constructor(code: ProblemCode, details: Details = {}, options?: ErrorOptions) {
    super(details.detail ?? problems[code][1], options);
    this.name = 'Problem';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return problems[this.code][0];
  }

  get title(): string {
    return problems[this.code][1];
  }
}

/** A fault at one field, told at its path. */
export function invalid(path: string, message: string): Problem {
  return new Problem('invalid', { errors: [{ path, message }] });
}
