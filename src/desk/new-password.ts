import { readFile } from 'node:fs/promises';
import { invalid } from '../problem.ts';

const FEWEST_DIFFERENT = 5;
// So little around a word does not make it another password.
const PADDING = 4;
const list = new URL('common-passwords.txt', import.meta.url);
let common: Promise<ReadonlySet<string>> | undefined;

/** Who chooses a password, and in which field it was said. */
type Chooser = { email: string | null; name: string; field: 'password' | 'new_password' };

/**
 * Refuses a password that is guessed first: Problem('invalid') at its field. How long it has to be is the contract's.
 * Nothing else is asked of it: NIST SP 800-63B, 3.1.1.2.
 */
export async function checkNewPassword(password: string, { email, name, field }: Chooser): Promise<void> {
  const small = password.normalize('NFC').toLowerCase();
  if (new Set(small).size < FEWEST_DIFFERENT)
    throw invalid(field, `must have at least ${FEWEST_DIFFERENT} different characters`);
  if (isMadeOf(small, [email ?? '', email?.split('@')[0] ?? '', name, 'leadgate']))
    throw invalid(field, 'must not be made of the name, the e-mail or the word leadgate');
  if ((await commonPasswords()).has(small)) throw invalid(field, 'is one that many people use');
}

function isMadeOf(password: string, words: string[]): boolean {
  const letters = lettersOf(password);
  return words.some((said) => {
    const word = said.normalize('NFC').toLowerCase();
    const isAllLetters = letters !== '' && without(letters, lettersOf(word)) === '';
    return isAllLetters || without(password, word).length <= PADDING;
  });
}

function without(text: string, word: string): string {
  return word === '' ? text : text.replaceAll(word, '');
}

/** What is left without digits and signs, which is how people make a word long enough. */
function lettersOf(text: string): string {
  return text.replaceAll(/[^\p{L}]/gu, '');
}

function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= readFile(list, 'utf8').then((text) => new Set(text.split('\n')));
  return common;
}
