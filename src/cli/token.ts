import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Role, TokenCreate } from '../contract/access.ts';
import { getOperator } from '../desk/operators.ts';
import { COMMAND_LINE } from '../desk/actor.ts';
import { issueToken } from '../desk/issue-token.ts';
import { openDatabase, type Terminal } from './open-database.ts';
import { checkOptions, understand, UsageFault } from './usage.ts';

/** `token create`: prints the token alone, so that a script can take it. */
export async function createToken(args: string[], terminal: Terminal): Promise<void> {
  const { role, ...input } = readWords(args);
  await using desk = await openDatabase(terminal);
  if (input.operator_id !== undefined) {
    const operator = await getOperator(desk, COMMAND_LINE, input.operator_id);
    if ('role' in operator && operator.role !== role)
      throw new UsageFault(`Operator ${operator.id} is ${operator.role}, not ${role}.`);
  }
  const token = await issueToken(desk, COMMAND_LINE, input, role);
  terminal.print(token.token);
  terminal.hint('Keep it: it is shown this once.');
}

function readWords(args: string[]): TokenCreate & { role: Role } {
  const { values, positionals } = parse(args);
  if (positionals.join(' ') !== 'create') throw new UsageFault('Say what to do with tokens: token create');
  return checkOptions(z.object({ role: Role, ...TokenCreate.shape }), {
    role: values.role,
    name: values.name ?? 'command line',
    ...(values.operator !== undefined && { operator_id: Number(values.operator) }),
    ...(values.scope !== undefined && { scope: values.scope }),
  });
}

function parse(args: string[]) {
  return understand(() => {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        role: { type: 'string' },
        operator: { type: 'string' },
        scope: { type: 'string' },
        name: { type: 'string' },
      },
    });
  });
}
