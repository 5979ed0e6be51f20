import type { Answer } from '../../support/http.ts';

/** Collects answers that are not what was expected, so that one look shows them all. */
export type Outcomes = {
  expects(status: number, asked: Promise<Answer>, what: string): Promise<Answer>;
  readonly surprises: readonly string[];
};

export function openOutcomes(): Outcomes {
  const surprises: string[] = [];
  return {
    surprises,
    async expects(status, asked, what) {
      const answer = await asked;
      if (answer.status !== status)
        surprises.push(`${what}: ${answer.status} in place of ${status}: ${answer.text}`);
      return answer;
    },
  };
}
