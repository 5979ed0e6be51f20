import { OptionFault, readOptions } from './options.ts';
import { type Demo, DemoFault, startDemo } from './start.ts';

try {
  const stopped = signalled();
  await using demo = await startDemo(readOptions(process.argv.slice(2)));
  greet(demo);
  await stopped;
  console.log(
    '\nThe demo stops. What happened is kept: the next one goes on from here, --fresh begins anew.',
  );
} catch (error) {
  const isTold = error instanceof OptionFault || error instanceof DemoFault;
  console.error(isTold ? error.message : error);
  process.exitCode = 1;
}

function greet({ url, team, api }: Demo): void {
  const roles = ['admin', 'supervisor', 'operator'] as const;
  const links = roles.map((role) => {
    const member = team.find((one) => one.role === role && !one.isPlayed);
    return `  ${role.padEnd(10)}  ${url}/#token=${member?.token}   ${member?.name}`;
  });
  const others = team.filter(({ isPlayed }) => isPlayed).map(({ name }) => name);
  console.log(`Leadgate demo on ${url}

Sign in by a link, each in a browser window of its own:
${links.join('\n')}

Customers write to two bots and a website form. ${others.join(', ')} answer by themselves,
the other three are yours. Telegram is played by this machine, nothing leaves it: what the bots
have sent is on ${api.url}/sent

Faster: npm run demo -- --speed 5     Anew: npm run demo -- --fresh     Stop: Ctrl-C`);
}

/** The first signal asks to stop; a second one ends the process at once. */
function signalled(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isAsked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (isAsked) process.exit(1);
      isAsked = true;
      resolve();
    });
  return promise;
}
