import { examples, filled, type Stage } from './examples.ts';
import { openOutcomes } from './outcomes.ts';

const TOO_LONG = `{"text":"${'x'.repeat(1_048_576)}"}`;
const jsonType = { 'content-type': 'application/json' };
const elsewhere = {
  cookie: 'leadgate=anything',
  origin: 'https://elsewhere.example',
  'sec-fetch-site': 'cross-site',
};

/** Asks every route for what it refuses whatever the state is; answers what did not come out as expected. */
export async function provokeRefusals({ app, asAdmin, asIngest }: Stage): Promise<readonly string[]> {
  const { expects, surprises } = openOutcomes();
  for (const { method, path, body } of examples) {
    const what = `${method} ${path}`;
    const nowhere = filled(path, 999_999);
    await expects(401, app.as(null)(method, nowhere, { body }), what);
    await expects(401, app.as('wrong')(method, nowhere, { body }), what);
    await expects(403, app.as(null)(method, nowhere, { body, headers: elsewhere }), what);
    await expects(422, asAdmin(method, `${nowhere}?nonsense=1`, { body }), what);
    if (what !== 'POST /contacts') await expects(403, asIngest(method, nowhere, { body }), what);
    if (path.includes('{')) {
      await expects(404, asAdmin(method, nowhere, { body }), what);
      await expects(422, asAdmin(method, filled(path, '0'), { body }), what);
    }
    if (body === undefined) continue;
    await expects(400, asAdmin(method, nowhere, { raw: '{"text":', headers: jsonType }), what);
    await expects(413, asAdmin(method, nowhere, { raw: TOO_LONG, headers: jsonType }), what);
    await expects(
      415,
      asAdmin(method, nowhere, { raw: 'a=b', headers: { 'content-type': 'text/plain' } }),
      what,
    );
    await expects(422, asAdmin(method, nowhere, { body: { nonsense: 1 } }), what);
    await expects(422, asAdmin(method, nowhere, { body: [] }), what);
  }
  await expects(
    404,
    asAdmin('POST', '/contacts', { body: { external_id: 'a', source_id: 999_999 } }),
    'open',
  );
  return surprises;
}
