import type { Role } from '../contract/access.ts';

/** The bots of the stand-in. */
export const bots = {
  ryadom: { token: '710000001:demo_ryadom_demo_ryadom_demo_ryadom_00', username: 'ryadom_help_bot' },
  northside: { token: '710000002:demo_northside_demo_northside_demo_00', username: 'northside_help_bot' },
} as const;

/** What the gateway says to a new lead, by its language. */
export const greetings = {
  ru: 'Здравствуйте! Спасибо, что написали. Оператор ответит через минуту.',
  en: 'Hello, and thank you for your message. Somebody will be with you in a minute.',
};

/** The sources, by code; what stands here is the body of `POST /sources`, but for what is known at start only. */
export const sources = {
  ryadom: {
    name: 'Рядом · Telegram',
    kind: 'telegram',
    greeting: greetings.ru,
    greetings,
    telegram: { token: bots.ryadom.token, mode: 'polling' },
  },
  northside: {
    name: 'Northside · Telegram',
    kind: 'telegram',
    return_policy: { kind: 'prefer_last' },
    greeting: greetings.en,
    greetings,
    telegram: { token: bots.northside.token, mode: 'webhook' },
  },
  website: { name: 'Website form', kind: 'webhook', greeting: greetings.en, greetings },
} as const;

export type SourceCode = keyof typeof sources;

export type Member = {
  name: string;
  role: Role;
  maxLoad: number;
  weights: Record<SourceCode, number>;
  /** Answers by itself; the others are left for the person who watches. */
  isPlayed: boolean;
};

/** Six people with different weights and caps; of those who are left to the watcher, one for each role. */
export const team: readonly Member[] = [
  person('Anna Sokolova', 'operator', 5, [35, 30, 20]),
  person('Viktor Lebedev', 'supervisor', 3, [8, 8, 5]),
  person('Olga Mironova', 'admin', 2, [4, 4, 5]),
  { ...person('Boris Antonov', 'operator', 6, [30, 10, 25]), isPlayed: true },
  { ...person('Darya Kim', 'operator', 5, [20, 15, 25]), isPlayed: true },
  { ...person('Emma Clarke', 'operator', 4, [0, 40, 20]), isPlayed: true },
];

function person(name: string, role: Role, maxLoad: number, weights: [number, number, number]): Member {
  const [ryadom, northside, website] = weights;
  return { name, role, maxLoad, weights: { ryadom, northside, website }, isPlayed: false };
}
