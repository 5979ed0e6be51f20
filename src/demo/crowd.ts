import type { BotApi } from './bot-api/start.ts';
import { bots, greetings, type SourceCode } from './cast.ts';
import type { Chance } from './chance.ts';
import { type Conversation, type Mouth, openConversation } from './conversation.ts';
import type { Log } from '../log.ts';
import { inventName, type Name } from './people.ts';
import type { Receiver } from './receiver.ts';
import { isPlain, type Language, type Scenario } from './script.ts';
import { telegramMouth } from './telegram-customer.ts';
import type { Tempo } from './tempo.ts';
import { websiteMouth, type Website } from './website-customer.ts';

// More than the team has seats for: some always wait.
const mostAtOnce = 28;
// Of every so many customers the first few come at once: nobody looks at an empty console, and now and then the whole
// team is full and a queue is to be seen.
const wave = { of: 26, rush: 8 };

export type CrowdOptions = {
  api: BotApi;
  receiver: Receiver;
  website: Website;
  run: number;
  chance: Chance;
  tempo: Tempo;
  log: Log;
  scenarios: readonly Scenario[];
};

export type Crowd = {
  conversationOf(externalId: string): Conversation | null;
  /** Lets a customer of an earlier run go on. */
  resume(contact: { externalId: string; name: string; source: SourceCode }, scenario: Scenario): void;
  /** Lets customers come until the demo ends. */
  gather(): Promise<void>;
};

/** The simulated customers, each in a conversation of its own. */
export function openCrowd(options: CrowdOptions): Crowd {
  const { api, receiver, run, chance, tempo, log } = options;
  const conversations = new Map<string, Conversation>();
  const drawScenario = bagOf(options.scenarios, chance.of('scenarios'));
  const greeted = new Set<string>(Object.values(greetings));
  let present = 0;
  let somebodyLeft = Promise.withResolvers<void>();

  api.follow(({ method, chatId, text }) => {
    if (method.startsWith('send') && !greeted.has(text)) conversations.get(`tg:${chatId}`)?.hears(text);
  });
  receiver.follow(({ externalId, author, text }) => {
    if (author === 'operator') conversations.get(externalId)?.hears(text);
  });

  function begin(externalId: string, mouth: Mouth, scenario: Scenario): void {
    const own = chance.of(`customer ${externalId}`);
    const conversation = openConversation({ externalId, mouth, scenario, chance: own, tempo });
    conversations.set(externalId, conversation);
    present += 1;
    void conversation
      .play()
      .catch((error: unknown) => {
        if (!tempo.signal.aborted) log.warn({ err: error }, 'a customer of the demo gave up');
      })
      .finally(() => {
        present -= 1;
        somebodyLeft.resolve();
        somebodyLeft = Promise.withResolvers();
      });
  }

  function comeBy(number: number): void {
    const { source, language } = order[(number - 1) % order.length]!;
    const scenario = drawScenario(source, language);
    const name = inventName(scenario, chance.of(`name ${number}`));
    if (source === 'website') {
      const id = `visitor-${run * 10_000 + number}`;
      begin(id, websiteMouth(options.website, visitorOf(id, name, scenario), run), scenario);
      return;
    }
    const id = 5_000_000_000 + run * 1_000_000 + number;
    const person = { id, first_name: name.first, ...(name.last !== '' && { last_name: name.last }) };
    const customer = api.customer(bots[source].token, { ...person, language_code: scenario.language });
    begin(`tg:${id}`, telegramMouth(customer), scenario);
  }

  return {
    conversationOf: (externalId) => conversations.get(externalId) ?? null,
    resume({ externalId, name, source }, scenario) {
      const [first = '', last = ''] = name.split(' ');
      if (source === 'website') {
        const visitor = visitorOf(externalId, { first, last }, scenario);
        return begin(externalId, websiteMouth(options.website, visitor, run), scenario);
      }
      const id = Number(externalId.replace('tg:', ''));
      const customer = api.customer(bots[source].token, { id, first_name: first, last_name: last });
      customer.wroteBefore();
      begin(externalId, telegramMouth(customer), scenario);
    },
    async gather() {
      for (let number = 1; ; number += 1) {
        while (present >= mostAtOnce) await somebodyLeft.promise;
        tempo.signal.throwIfAborted();
        comeBy(number);
        const isRush = number % wave.of < wave.rush;
        await tempo.pause(isRush ? chance.between(0.6, 1.4) : chance.between(4, 8));
      }
    },
  };
}

// All three sources in the first three.
const order: readonly { source: SourceCode; language: Language }[] = [
  { source: 'ryadom', language: 'ru' },
  { source: 'northside', language: 'en' },
  { source: 'website', language: 'ru' },
  { source: 'ryadom', language: 'ru' },
  { source: 'website', language: 'en' },
  { source: 'northside', language: 'en' },
];

function visitorOf(id: string, name: Name, { language }: Scenario) {
  const digits = id.replace(/\D/g, '').padStart(7, '0').slice(-7);
  const phone = language === 'ru' ? `+7 900 ${digits}` : `+44 7700 ${digits.slice(-6)}`;
  return { id, name: `${name.first} ${name.last}`.trim(), phone, language };
}

/** Draws every scenario of a language once before any comes again. */
function bagOf(scenarios: readonly Scenario[], chance: Chance) {
  const bags = new Map<Language, Scenario[]>();
  return (source: SourceCode, language: Language): Scenario => {
    const bag = bags.get(language) ?? [];
    bags.set(language, bag);
    const find = () => bag.findIndex((one) => source !== 'website' || isPlain(one));
    if (find() < 0) bag.push(...chance.shuffled(scenarios.filter((one) => one.language === language)));
    const [drawn] = bag.splice(find(), 1);
    if (drawn === undefined) throw new Error(`there is no scenario in ${language}`);
    return drawn;
  };
}
