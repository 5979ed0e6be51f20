import { expect, test } from 'vitest';
import { OperatorCreate } from '../../src/contract/operator.ts';
import { createOperator } from '../../src/desk/create-operator.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { admin, openTestDesk } from '../support/desk.ts';
import { configVersion } from '../desk/administration.ts';
import { runCli } from './support/run-cli.ts';

test('the command line lists the versions of the configuration and exports each of them', async () => {
  await using desk = await openTestDesk('sqlite');
  const env = { DATABASE_URL: desk.databaseUrl };
  expect((await runCli('config-history', env)).printed).toBe('No version of the configuration is kept yet.');
  const { id } = await createOperator(desk, admin, OperatorCreate.parse({ name: 'Anna', max_load: 3 }));
  const first = await configVersion(desk);
  await updateOperator(desk, admin, id, { max_load: 8 });

  const listed = (await runCli('config-history', env)).printed.split('\n');
  const exported = await runCli(`export-config --version ${first}`, env);

  expect(listed).toEqual([
    expect.stringMatching(new RegExp(`^${first}  \\S+Z  token:environment  operator ${id} "Anna"$`)),
    expect.stringMatching(new RegExp(`^${first + 1}  \\S+Z  token:environment  operator ${id} "Anna"$`)),
  ]);
  expect(exported.printed).toContain('max_load: 3');
  expect(await runCli('export-config --version 99', env)).toMatchObject({
    code: 1,
    hinted: expect.stringContaining(`the configuration is at version ${first + 1}`),
  });
  expect(await runCli('export-config --version one', env)).toMatchObject({ code: 2 });
  expect(await runCli('config-history now', env)).toMatchObject({ code: 2 });
});
