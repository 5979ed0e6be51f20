import { ConfigFault, newSecretKey } from '../config.ts';
import { Problem } from '../problem.ts';
import { createAdmin } from './admin.ts';
import { showConfigHistory } from './config-history.ts';
import { exportConfig } from './export-config.ts';
import { importConfig } from './import-config.ts';
import { openDatabase, type Terminal } from './open-database.ts';
import { replayAll } from './replay.ts';
import { rotateSecretKey } from './rotate-key.ts';
import { showStatus } from './status.ts';
import { createToken } from './token.ts';
import { UsageFault } from './usage.ts';

const USAGE = `Usage: npm run leadgate -- <command>

  migrate                        brings the database's schema up to date
  status [--json]                what the database holds, and how the sources do
  replay [--from MOMENT]         runs recorded routing decisions again, tells those that differ
      [--to MOMENT]              MOMENT: 2026-01-31 (in UTC) or 2026-01-31T12:00:00Z
  export-config [FILE]           operators, sources, weights as YAML, without any secret
      [--version N]              as version N of the configuration was
  config-history                 the versions of the configuration: when, by whom, what
  import-config FILE             brings the configuration to what FILE says, all or nothing
      [--dry-run]                only tells what would change
  key                            prints a fresh SECRET_KEY
  rotate-key                     seals all secrets with a new key, while no gateway runs;
      [--new-key-file FILE]      where SECRET_KEY is set: with this one, else it is printed
  admin create --email E         makes an admin, or makes the operator with this e-mail one; prints a link
      --name NAME                under which it sets its password; works at any time
      [--password-stdin]         takes the password from the input in place of that
  token create --role ROLE       prints a new API token; ROLE: admin, supervisor, operator
      [--operator ID]            acting as that operator, whose role must be ROLE
      [--scope ingest]           that may only create contacts
      [--name NAME]              as lists show it
`;

/** Runs one command of the command line; answers the exit code: 0, 1 when it failed, 2 when it was not understood. */
export async function runCommand(args: string[], terminal: Terminal): Promise<number> {
  try {
    await run(args, terminal);
    return 0;
  } catch (error) {
    if (error instanceof UsageFault) {
      terminal.hint(`${error.message}\n\n${USAGE}`);
      return 2;
    }
    terminal.hint(messageOf(error));
    return 1;
  }
}

async function run(args: string[], terminal: Terminal): Promise<void> {
  const [command, ...rest] = args;
  switch (command) {
    case undefined:
    case 'help':
    case '--help':
      terminal.print(USAGE);
      return;
    case 'key':
      terminal.print(newSecretKey());
      return;
    case 'migrate': {
      // Opening is what migrates.
      await using _ = await openDatabase(terminal);
      terminal.print('The schema is up to date.');
      return;
    }
    case 'status':
      return showStatus(rest, terminal);
    case 'replay':
      return replayAll(rest, terminal);
    case 'config-history':
      return showConfigHistory(rest, terminal);
    case 'export-config':
      return exportConfig(rest, terminal);
    case 'import-config':
      return importConfig(rest, terminal);
    case 'rotate-key':
      return rotateSecretKey(rest, terminal);
    case 'admin':
      return createAdmin(rest, terminal);
    case 'token':
      return createToken(rest, terminal);
  }
  throw new UsageFault(`There is no command '${command}'.`);
}

function messageOf(error: unknown): string {
  if (error instanceof ConfigFault) return error.faults.join('\n');
  if (error instanceof Problem && error.details.errors)
    return error.details.errors.map(({ path, message }) => `${path}: ${message}`).join('\n');
  return error instanceof Error ? error.message : String(error);
}
