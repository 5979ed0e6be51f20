import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config.ts';
import { readDockerfile, readPairs } from '../../scripts/dockerfile/read.ts';
import { SECRET_KEY } from '../support/gateway.ts';

type Service = {
  image: string;
  profiles?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  volumes?: string[];
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const text = read('docker-compose.yml');
const { services, volumes } = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};

/** As Compose does it: `${NAME:-default}` and `${NAME:?why it is needed}`. */
function filled(value: string, env: Record<string, string>): string {
  return value.replaceAll(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, words: string) => {
    if (env[name]) return env[name];
    if (kind === '?') throw new Error(`${name}: ${words}`);
    return words;
  });
}

function environmentOf(service: string, env: Record<string, string>): Record<string, string> {
  const given = Object.entries(services[service]!.environment ?? {});
  return Object.fromEntries(given.map(([name, value]) => [name, filled(value, env)]));
}

test.each(['gateway', 'gateway-2'])('%s starts with nothing but the two secrets given', (name) => {
  const config = readConfig(environmentOf(name, { SECRET_KEY, POSTGRES_PASSWORD: 'pw' }), String);

  expect(config).toMatchObject({
    databaseUrl: 'postgresql://leadgate:pw@postgres:5432/leadgate',
    secretKey: Buffer.from(SECRET_KEY, 'base64'),
    publicUrl: null,
    adminToken: null,
    logLevel: 'info',
  });
});

test.each([
  ['SECRET_KEY', { POSTGRES_PASSWORD: 'pw' }, /SECRET_KEY: .*leadgate -- key/],
  ['POSTGRES_PASSWORD', { SECRET_KEY }, /POSTGRES_PASSWORD: .*openssl rand/],
])('nothing starts without %s, and it is said how one is made', (_, env: Record<string, string>, why) => {
  expect(() => environmentOf('gateway', env)).toThrow(why);
});

test('the database has the password that the gateways come with', () => {
  const env = { SECRET_KEY, POSTGRES_PASSWORD: 'pw' };

  expect(environmentOf('postgres', env)).toMatchObject({
    POSTGRES_USER: 'leadgate',
    POSTGRES_PASSWORD: 'pw',
    POSTGRES_DB: 'leadgate',
  });
});

test('everybody waits until what he needs is well, and who is waited for can tell', () => {
  const needs = Object.entries(services).map(([name, { depends_on = {} }]) => [name, depends_on]);

  expect(Object.fromEntries(needs)).toEqual({
    gateway: { postgres: { condition: 'service_healthy' } },
    'gateway-2': { postgres: { condition: 'service_healthy' } },
    nginx: { gateway: { condition: 'service_healthy' }, 'gateway-2': { condition: 'service_healthy' } },
    postgres: {},
  });
  expect(services['postgres']?.healthcheck?.test).toContain('pg_isready');
  expect(read('Dockerfile')).toMatch(/^HEALTHCHECK /m);
});

test('the second gateway and nginx come with the profile alone, and the data outlives its containers', () => {
  const always = Object.keys(services).filter((name) => services[name]!.profiles === undefined);

  expect(always).toEqual(['gateway', 'postgres']);
  expect(Object.keys(volumes)).toEqual(['postgres']);
  expect(services['postgres']?.volumes).toEqual(['postgres:/var/lib/postgresql/data']);
});

test('nginx asks the gateways where they listen', () => {
  const servers = [...read('deploy/nginx/leadgate.conf').matchAll(/server ([\w-]+):(\d+) /g)];
  const image = readDockerfile(read('Dockerfile')).at(-1)!;
  const env = new Map(
    image.steps.flatMap(({ instruction, words }) => (instruction === 'ENV' ? readPairs(words) : [])),
  );

  expect(new Set(servers.map(([, host]) => host))).toEqual(new Set(['gateway', 'gateway-2']));
  expect(new Set(servers.map(([, , port]) => port))).toEqual(new Set([env.get('PORT')]));
  expect(env.get('HOST')).toBe('0.0.0.0');
  expect(services['nginx']?.volumes).toContain(
    './deploy/nginx/leadgate.conf:/etc/nginx/conf.d/default.conf:ro',
  );
});
