import { createRoute } from '@hono/zod-openapi';
import { Simulation, SimulationCreate } from '../contract/simulate.ts';
import { simulateRouting } from '../desk/simulate-routing.ts';
import { bodyProblems, json, optionalBody, problems } from './answers.ts';
import type { Api } from './api.ts';
import type { Gateway } from './gateway.ts';
import { addRoute } from './route.ts';

const simulate = createRoute({
  method: 'post',
  path: '/routing/simulate',
  operationId: 'simulateRouting',
  summary:
    'What if: the contacts of the past, or a load that is made up, with other weights, caps and strategies',
  description:
    'Runs the routing rule twice, as things stand (`base`) and with the changes (`changed`), and writes nothing. Every ' +
    'active operator counts as available and online all the time; nobody has a contact at the begin. Contacts without ' +
    'a handling time of their own (from the assignment to the close) take the median of the others: `imputed`. At most ' +
    '100,000 contacts, 1,000 operators and 500 sources.',
  tags: ['Statistics'],
  request: { body: optionalBody(SimulationCreate) },
  responses: { 200: json(Simulation, 'Both runs, side by side'), ...problems(...bodyProblems, 403) },
});

export function addSimulateRoutes(api: Api, { desk }: Gateway): void {
  addRoute(api, simulate, async (c) =>
    c.json(await simulateRouting(desk, c.get('actor'), c.req.valid('json')), 200),
  );
}
