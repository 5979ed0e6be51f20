import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readConfig } from '../config.ts';
import { NewPassword } from '../contract/access.ts';
import { Email, Name } from '../contract/text.ts';
import { COMMAND_LINE } from '../desk/actor.ts';
import { makeAdmin, type NewAdmin } from '../desk/make-admin.ts';
import { openDatabase, type Terminal } from './open-database.ts';
import { checkOptions, understand, UsageFault } from './usage.ts';

const Words = z.object({ email: Email, name: Name.optional(), password: NewPassword.optional() });

/** `admin create`: prints the link alone under which the admin sets its password, nothing where one is given. */
export async function createAdmin(args: string[], terminal: Terminal): Promise<void> {
  const input = readWords(args, terminal);
  const { publicUrl, port } = readConfig(terminal.env, terminal.readText);
  await using desk = await openDatabase(terminal);
  const invite = await makeAdmin(desk, COMMAND_LINE, input);
  if (invite === null) return terminal.hint(`${input.email} is an admin, and signs in with that password.`);
  terminal.print(`${publicUrl ?? `http://localhost:${port}`}/invite#code=${invite.code}`);
  terminal.hint(`${input.email} is an admin, and sets its password there, once, within 48 hours.`);
}

function readWords(args: string[], terminal: Terminal): NewAdmin {
  const { values, positionals } = parse(args);
  if (positionals.join(' ') !== 'create') throw new UsageFault('Say what to do with admins: admin create');
  const { 'password-stdin': isGiven, email, name } = values;
  const password = isGiven === true ? terminal.readInput().replace(/\r?\n$/, '') : undefined;
  return checkOptions(Words, { email, name, password });
}

function parse(args: string[]) {
  return understand(() => {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        email: { type: 'string' },
        name: { type: 'string' },
        'password-stdin': { type: 'boolean' },
      },
    });
  });
}
