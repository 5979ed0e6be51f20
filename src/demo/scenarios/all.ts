import { answers, type Language, says, type Scenario } from '../script.ts';
import { errands } from './errands.ts';
import { skills } from './skills.ts';
import { visits } from './visits.ts';

export const scenarios: readonly Scenario[] = [...errands, ...visits, ...skills];

/** How a conversation ends that the last run left unfinished. */
export const unfinished: Readonly<Record<Language, Scenario>> = {
  ru: {
    business: 'any',
    language: 'ru',
    person: 'woman',
    reason: 'вопрос решён',
    lines: [
      answers('Извините, что пришлось подождать. Вопрос ещё актуален?'),
      says('Нет, спасибо, уже всё решилось!'),
    ],
  },
  en: {
    business: 'any',
    language: 'en',
    person: 'woman',
    reason: 'resolved',
    lines: [
      answers('Sorry to have kept you waiting. Can I still help?'),
      says('All sorted meanwhile, thank you!'),
    ],
  },
};
