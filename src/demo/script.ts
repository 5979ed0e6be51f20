/** What a customer can send beside words; the files lie in `assets/`. */
export type Media = 'parcel' | 'phone' | 'lesson' | 'voice' | 'cat' | 'place';

/** One step of a conversation. */
export type Line =
  /** Several texts are short messages in a row. */
  | { by: 'customer'; does: 'says'; texts: readonly string[] }
  | { by: 'customer'; does: 'sends'; media: Media; caption: string }
  /** Edits what it said last. */
  | { by: 'customer'; does: 'edits'; text: string }
  /** Is away for so many seconds in the middle of the conversation. */
  | { by: 'customer'; does: 'leaves'; seconds: number }
  /** The conversation is over for now; after so many seconds the customer writes again. */
  | { by: 'customer'; does: 'returns'; seconds: number }
  /** What an operator says who answers by itself; the customer waits until anybody has answered anything. */
  | { by: 'operator'; texts: readonly string[]; note: string | null };

export type Language = 'ru' | 'en';

/** A conversation that a customer can have. */
export type Scenario = {
  business: string;
  language: Language;
  /** Whose it is: a Russian verb tells a woman from a man. */
  person: 'woman' | 'man';
  /** Why an operator closes it. */
  reason: string;
  lines: readonly Line[];
};

export function says(...texts: string[]): Line {
  return { by: 'customer', does: 'says', texts };
}

export function sends(media: Media, caption = ''): Line {
  return { by: 'customer', does: 'sends', media, caption };
}

export function edits(text: string): Line {
  return { by: 'customer', does: 'edits', text };
}

export function leaves(seconds: number): Line {
  return { by: 'customer', does: 'leaves', seconds };
}

export function returns(seconds: number): Line {
  return { by: 'customer', does: 'returns', seconds };
}

export function answers(...texts: string[]): Line {
  return { by: 'operator', texts, note: null };
}

/** An answer before which the operator leaves a note for the team. */
export function notesAndAnswers(note: string, ...texts: string[]): Line {
  return { by: 'operator', texts, note };
}

/** Whether the conversation can be had where there are words and pictures alone. */
export function isPlain({ lines }: Scenario): boolean {
  return lines.every((line) => !('media' in line) || ['parcel', 'phone', 'lesson'].includes(line.media));
}

/** Puts the facts of this conversation in: `{order}` and the like. */
export function fill(text: string, facts: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => facts[name] ?? whole);
}
