import type { Chance } from './chance.ts';
import { type Floor, openFloor } from './floor.ts';
import { fill, type Language, type Line, type Media, type Scenario } from './script.ts';
import { type Tempo, typingSeconds } from './tempo.ts';

/** How a customer reaches the gateway. */
export type Mouth = {
  says(text: string): Promise<void>;
  /** Corrects what it said last. */
  edits(text: string): Promise<void>;
  sends(media: Media, caption: string): Promise<void>;
};

/** A simulated customer and what it is about. */
export type Conversation = {
  /** The `external_id` of the lead. */
  readonly externalId: string;
  readonly turnAfter: Floor['turnAfter'];
  /** An operator's answer has reached the customer. */
  hears(text: string): void;
  /** Lives through the scenario; rejects when the demo ends. */
  play(): Promise<void>;
};

const nudges = {
  ru: ['Вы здесь?', 'Подскажите, пожалуйста, когда ждать ответа?'],
  en: ['Hello? Are you there?', 'Could you tell me when I can expect an answer?'],
} satisfies Record<Language, string[]>;

type Cast = { externalId: string; mouth: Mouth; scenario: Scenario; chance: Chance; tempo: Tempo };

export function openConversation({ externalId, mouth, scenario, chance, tempo }: Cast): Conversation {
  const floor = openFloor();
  const facts = {
    order: String(Math.floor(chance.between(4100, 9900))),
    time: chance.pick(['10:30', '12:00', '14:15', '16:00', '18:30']),
  };
  // What an operator who answers by itself still has to say: the customer hears it out.
  let expected: string[] = [];
  let answered = Promise.withResolvers<void>();

  async function speak(text: string): Promise<void> {
    await tempo.pause(chance.between(0.6, 1.2) * typingSeconds(text));
    answered = Promise.withResolvers<void>();
    await mouth.says(fill(text, facts));
  }

  async function waitForAnswer(texts: readonly string[], note: string | null): Promise<void> {
    const words = texts.map((text) => fill(text, facts));
    for (
      let patience = chance.between(70, 110), nudge = 0;
      ;
      patience = Math.min(patience * 2, 1800), nudge += 1
    ) {
      expected = [...words];
      floor.give({ wants: 'reply', texts: words, note: note === null ? null : fill(note, facts) });
      const isAnswered = await isSettledWithin(answered.promise, patience);
      if (isAnswered) break;
      const question = nudges[scenario.language][nudge];
      if (question !== undefined) await mouth.says(question);
    }
    floor.take();
    await tempo.pause(chance.between(1, 3));
  }

  async function isSettledWithin(promise: Promise<void>, seconds: number): Promise<boolean> {
    const enough = new AbortController();
    const late = tempo.pause(seconds, enough.signal).then(() => false);
    try {
      return await Promise.race([promise.then(() => true), late]);
    } finally {
      enough.abort();
      late.catch(() => undefined);
    }
  }

  async function act(line: Line): Promise<void> {
    if (line.by === 'operator') return waitForAnswer(line.texts, line.note);
    switch (line.does) {
      case 'says':
        for (const text of line.texts) await speak(text);
        return;
      case 'sends':
        await tempo.pause(chance.between(2, 5));
        answered = Promise.withResolvers<void>();
        return mouth.sends(line.media, fill(line.caption, facts));
      case 'edits':
        await tempo.pause(chance.between(2, 4));
        return mouth.edits(fill(line.text, facts));
      case 'leaves':
        return tempo.pause(line.seconds);
      case 'returns':
        floor.give({ wants: 'close', reason: scenario.reason });
        await tempo.pause(line.seconds);
        floor.take();
    }
  }

  return {
    externalId,
    turnAfter: floor.turnAfter,
    hears(text) {
      const at = expected.indexOf(text);
      if (at >= 0) expected.splice(at, 1);
      // A person at the console says it in words of its own: one answer is enough.
      if (at < 0 || expected.length === 0) answered.resolve();
    },
    async play() {
      for (const line of scenario.lines) await act(line);
      floor.give({ wants: 'close', reason: scenario.reason });
    },
  };
}
