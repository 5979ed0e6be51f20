import { expect, test } from 'vitest';
import { openChance } from '../../src/demo/chance.ts';
import { type Conversation, openConversation } from '../../src/demo/conversation.ts';
import { answers, edits, isPlain, says, type Scenario, sends } from '../../src/demo/script.ts';
import { scenarios } from '../../src/demo/scenarios/all.ts';
import { openTempo } from '../../src/demo/tempo.ts';

const fast = 500;

/** A customer whose words are kept. */
function meet(scenario: Scenario, { seed = 'one', speed = fast } = {}) {
  const heard: string[] = [];
  const ended = new AbortController();
  const say = (words: string) => Promise.resolve(void heard.push(words));
  const conversation = openConversation({
    externalId: 'ann',
    scenario,
    mouth: { says: say, edits: (text) => say(`edit: ${text}`), sends: (media) => say(`media: ${media}`) },
    chance: openChance(seed),
    tempo: openTempo(speed, ended.signal),
  });
  return { conversation, heard, ended };
}

function scenarioOf(...lines: Scenario['lines']): Scenario {
  return { business: 'shop', language: 'en', person: 'woman', reason: 'done', lines };
}

const never = new AbortController().signal;

/** Answers every turn as an operator does who reads from the script. */
async function answerAll(conversation: Conversation): Promise<string> {
  for (let no = 0; ;) {
    const turn = await conversation.turnAfter(no, never);
    if (turn.wants === 'close') return turn.reason;
    no = turn.no;
    for (const text of turn.texts) conversation.hears(text);
  }
}

test('a customer says its lines, waits for answers, and is done', async () => {
  const { conversation, heard } = meet(
    scenarioOf(
      says('one', 'two', 'three'),
      answers('yes?'),
      edits('tree'),
      sends('cat'),
      answers('ok'),
      says('bye'),
    ),
  );

  const [reason] = await Promise.all([answerAll(conversation), conversation.play()]);

  expect(heard).toEqual(['one', 'two', 'three', 'edit: tree', 'media: cat', 'bye']);
  expect(reason).toBe('done');
});

test('an answer in words of its own is an answer', async () => {
  const { conversation, heard } = meet(scenarioOf(says('one'), answers('first', 'second'), says('two')));
  const played = conversation.play();
  await conversation.turnAfter(0, never);

  conversation.hears('what a person says');
  await played;

  expect(heard).toEqual(['one', 'two']);
});

test('an answer in two parts is heard out', async () => {
  const { conversation, heard } = meet(scenarioOf(says('one'), answers('first', 'second'), says('two')));
  const played = conversation.play();
  const turn = await conversation.turnAfter(0, never);

  conversation.hears('first');
  // Half of an answer is none: the customer asks for the rest.
  await conversation.turnAfter(turn.no, never);
  expect(heard).toEqual(['one', 'Hello? Are you there?']);
  conversation.hears('first');
  conversation.hears('second');
  await played;

  expect(heard.at(-1)).toBe('two');
});

test('a customer who gets no answer asks again, and then gives the turn anew', async () => {
  const { conversation, heard, ended } = meet(scenarioOf(says('one'), answers('yes')));
  const played = conversation.play();

  const first = await conversation.turnAfter(0, never);
  const second = await conversation.turnAfter(first.no, never);
  ended.abort();

  expect(second).toMatchObject({ wants: 'reply', texts: ['yes'] });
  expect(heard).toEqual(['one', 'Hello? Are you there?']);
  await expect(played).rejects.toThrow('aborted');
});

test('the same seed plays the same conversation', async () => {
  const scenario = scenarioOf(says('order {order} at {time}'));
  const play = async (seed: string) => {
    const { conversation, heard } = meet(scenario, { seed });
    await conversation.play();
    return heard;
  };

  expect(await play('one')).toEqual(await play('one'));
  expect(await play('one')).not.toEqual(await play('two'));
});

test('there are conversations of many businesses in both languages, with all that customers do', () => {
  const did = new Set(
    scenarios.flatMap(({ lines }) =>
      lines.map((line) => {
        if (line.by === 'operator') return line.note === null ? 'answered' : 'noted';
        if (line.does === 'sends') return line.media;
        return line.does === 'says' && line.texts.length >= 3 ? 'burst' : line.does;
      }),
    ),
  );

  expect(new Set(scenarios.map(({ business }) => business)).size).toBeGreaterThanOrEqual(12);
  for (const language of ['ru', 'en'] as const) {
    const own = scenarios.filter((one) => one.language === language);
    expect(own.length).toBeGreaterThanOrEqual(6);
    expect(own.some(isPlain)).toBe(true);
  }
  const all = ['answered', 'noted', 'burst', 'edits', 'leaves', 'returns', 'voice', 'cat', 'place', 'phone'];
  expect([...did]).toEqual(expect.arrayContaining(all));
});

test.each(scenarios.map((scenario) => [scenario.business, scenario.language, scenario] as const))(
  'the conversation of a %s (%s) comes to its end with every fact in its place',
  async (_business, _language, scenario) => {
    const { conversation, heard } = meet(scenario, { speed: 5000 });
    const said: string[] = [];
    const ends =
      1 + scenario.lines.filter((line) => line.by === 'customer' && line.does === 'returns').length;
    const serve = async () => {
      for (let no = 0, closed = 0; closed < ends;) {
        const turn = await conversation.turnAfter(no, never);
        no = turn.no;
        if (turn.wants === 'close') closed += 1;
        const texts = turn.wants === 'close' ? [turn.reason] : turn.texts;
        said.push(...texts);
        for (const text of texts) conversation.hears(text);
      }
    };

    await Promise.all([conversation.play(), serve()]);

    expect([...heard, ...said].join('\n')).not.toMatch(/[{}]/);
    expect(heard.length).toBeGreaterThan(2);
  },
);
