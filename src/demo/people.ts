import type { Chance } from './chance.ts';
import type { Scenario } from './script.ts';

const given = {
  ru: {
    woman: [
      'Мария',
      'Екатерина',
      'Наталья',
      'Ирина',
      'Алина',
      'Светлана',
      'Полина',
      'Юлия',
      'Вера',
      'Ксения',
    ],
    man: ['Андрей', 'Дмитрий', 'Павел', 'Игорь', 'Михаил', 'Артём', 'Роман', 'Кирилл', 'Глеб', 'Фёдор'],
  },
  en: {
    woman: ['Grace', 'Olivia', 'Hannah', 'Priya', 'Chloe', 'Megan', 'Amara', 'Lucy', 'Naomi', 'Ruth'],
    man: ['Daniel', 'Marcus', 'Owen', 'Liam', 'Ravi', 'Peter', 'Callum', 'Jonas', 'Theo', 'Samuel'],
  },
};
const family = {
  ru: {
    woman: ['Петрова', 'Орлова', 'Гусева', 'Зайцева', 'Романова', 'Власова', 'Тихонова', 'Кравец', 'Белая'],
    man: ['Козлов', 'Никитин', 'Фомин', 'Ершов', 'Громов', 'Савельев', 'Логинов', 'Шевчук', 'Мороз'],
  },
  en: {
    woman: ['Bennett', 'Hughes', 'Okafor', 'Patel', 'Doyle', 'Fletcher', 'Lindqvist', 'Marsh', 'Reid'],
    man: ['Carter', 'Novak', 'Whitfield', 'Shah', 'Murray', 'Barnes', 'Osei', 'Larsen', 'Quinn'],
  },
};

export type Name = { first: string; last: string };

/** A name that fits the conversation; now and then somebody gives the first one alone. */
export function inventName({ language, person }: Scenario, chance: Chance): Name {
  const first = chance.pick(given[language][person]);
  return { first, last: chance.draw() < 0.15 ? '' : chance.pick(family[language][person]) };
}
