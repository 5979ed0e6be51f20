import type { Role } from '../../../src/contract/access.ts';
import type { Action } from '../../../src/desk/policy.ts';

/** How a thing stands to whoever asks for it. `queue`: it waits on a source of theirs; `colleague`: it is of somebody who serves that source as well. */
export type Standing = 'own' | 'queue' | 'colleague' | 'foreign' | 'missing';

/** `yes`: it is done. */
export type Outcome = 'yes' | 403 | 404 | 409;

const existing = { own: 'yes', queue: 'yes', colleague: 'yes', foreign: 'yes', missing: 404 } as const;
const hidden = { colleague: 404, foreign: 404, missing: 404 } as const;

/** How far one may go, in words, and what is answered for a thing that stands so. */
const reaches = {
  everything: existing,
  /** What one sees and may not touch is forbidden; what one does not see is not there. */
  'its own': { ...hidden, own: 'yes', queue: 403 },
  'its own and its queues': { ...hidden, own: 'yes', queue: 'yes' },
  'its own and colleagues': { ...hidden, own: 'yes', queue: 'yes', colleague: 'yes' },
  'its own switch': { ...hidden, own: 'yes', queue: 403, colleague: 403 },
  'its own switch, sees all': { ...existing, queue: 403, colleague: 403, foreign: 403 },
  /** Who comes late hears that a colleague has it. */
  'waiting ones of its sources': { ...hidden, own: 'yes', queue: 'yes', colleague: 409 },
  'waiting ones': { ...existing, colleague: 409, foreign: 409 },
  'answers its own': { ...hidden, own: 'yes', queue: 409 },
  'answers its own, sees all': { ...existing, queue: 409, colleague: 409, foreign: 409 },
  /** What was given by hand is no offer. */
  'passes on nothing that was given': { ...hidden, own: 409, queue: 409 },
  'passes on nothing, sees all': { own: 409, queue: 409, colleague: 409, foreign: 409, missing: 404 },
  /** Contacts name it. */
  'everything that is not in use': { ...existing, own: 409 },
} as const satisfies Record<string, Record<Standing, Outcome>>;

type Reach = keyof typeof reaches;

/**
 * Which action of the policy a route is, and who may do it how far; whoever is not named may not. `signedIn`: nobody may
 * who shows a token.
 */
export type Line = { action: Action; signedIn?: true } & { [R in Role | 'ingest']?: Reach };

const allOf = { admin: 'everything', supervisor: 'everything' } as const;
const configure: Line = { action: 'configure', admin: 'everything' };
const seeContact: Line = { action: 'contact.see', ...allOf, operator: 'its own and its queues' };
const ownSession: Line = {
  action: 'session.own',
  admin: 'its own',
  supervisor: 'its own',
  operator: 'its own',
};
const replies = {
  admin: 'answers its own, sees all',
  supervisor: 'answers its own, sees all',
  operator: 'answers its own',
} as const;
const close: Line = { action: 'contact.close', ...allOf, operator: 'its own' };
const seeStatistics: Line = { action: 'stats.see', ...allOf };
const seeAudit: Line = { action: 'audit.see', admin: 'everything' };

/**
 * Who may do what by REST: CONTRACT, § 4, one line for each operation of the document. In brackets: the same operation with
 * another body. `open` asks for no credential, `channel` for one of its own.
 */
export const mayByRest: Record<string, Line | 'open' | 'channel'> = {
  getSession: ownSession,
  signOut: { ...ownSession, signedIn: true },
  changePassword: { ...ownSession, signedIn: true },
  listSessions: ownSession,
  endSession: ownSession,
  endOtherSessions: ownSession,
  getSetup: 'open',
  setUp: 'open',
  signIn: 'open',
  lookAtInvite: 'open',
  acceptInvite: 'open',
  issueToken: configure,
  listTokens: configure,
  revokeToken: configure,

  createOperator: configure,
  listOperators: { action: 'operator.see', ...allOf, operator: 'its own and colleagues' },
  getOperator: { action: 'operator.see', ...allOf, operator: 'its own and colleagues' },
  getOperatorLoad: { action: 'operator.see', ...allOf, operator: 'its own and colleagues' },
  updateOperator: configure,
  updateOperatorByPut: configure,
  'updateOperator (availability)': {
    action: 'operator.availability',
    admin: 'everything',
    supervisor: 'its own switch, sees all',
    operator: 'its own switch',
  },
  deleteOperator: { action: 'configure', admin: 'everything that is not in use' },
  setOperatorWeight: configure,
  inviteOperator: configure,
  handOverContacts: { action: 'operator.hand-over', ...allOf },

  createSource: configure,
  listSources: { action: 'source.see', ...allOf, operator: 'its own' },
  getSource: { action: 'source.see', ...allOf, operator: 'its own' },
  updateSource: configure,
  deleteSource: configure,
  rotateSourceSecret: configure,
  getSourceHealth: { action: 'source.see', ...allOf },
  replaceWeights: configure,
  replaceWeightsByPost: configure,
  mergeWeights: configure,
  removeWeight: configure,
  listWeights: { action: 'weights.see', ...allOf },

  openContact: { action: 'contact.create', ...allOf, operator: 'everything', ingest: 'everything' },
  listContacts: seeContact,
  getContact: seeContact,
  listDecisions: seeContact,
  listTrail: seeContact,
  listMessages: seeContact,
  closeContact: close,
  closeContactByPost: close,
  reopenContact: { action: 'contact.reopen', ...allOf, operator: 'its own' },
  releaseContact: { action: 'contact.release', ...allOf, operator: 'its own' },
  assignContact: { action: 'contact.assign', ...allOf, operator: 'its own' },
  takeContact: {
    action: 'contact.take',
    admin: 'waiting ones',
    supervisor: 'waiting ones',
    operator: 'waiting ones of its sources',
  },
  acceptContact: { action: 'contact.see', ...replies },
  declineContact: {
    action: 'contact.see',
    admin: 'passes on nothing, sees all',
    supervisor: 'passes on nothing, sees all',
    operator: 'passes on nothing that was given',
  },
  writeMessage: { action: 'contact.see', ...replies },
  'writeMessage (note)': { action: 'contact.note', ...allOf, operator: 'its own' },
  retryMessage: { action: 'contact.see', ...replies },

  listLeads: { action: 'lead.see', ...allOf, operator: 'its own and its queues' },
  getLead: { action: 'lead.see', ...allOf, operator: 'its own and its queues' },
  updateLead: { action: 'lead.change', ...allOf },
  mergeLeads: { action: 'lead.change', ...allOf },
  exportLead: { action: 'lead.export', admin: 'everything' },
  eraseLead: { action: 'lead.erase', admin: 'everything' },

  getOperatorsLoad: seeStatistics,
  getDistribution: seeStatistics,
  getQueue: seeStatistics,
  getSummary: seeStatistics,
  getInvariants: seeStatistics,
  repairInvariants: configure,
  simulateRouting: seeStatistics,

  listAudit: seeAudit,
  exportAudit: seeAudit,

  receiveHook: 'channel',
  receiveTelegramUpdate: 'channel',
  getHealth: 'open',
  getReadiness: 'open',
  // With METRICS_TOKEN, which the matrix does not set.
  getMetrics: 'open',
};

/** The operation of a line: what stands before the brackets. */
export function operationOf(name: string): string {
  return name.replace(/ \(.*\)$/, '');
}

/** Who asks, and how it proves that. */
export type Asker = { role: Role | 'ingest'; by: 'token' | 'cookie' };

/** What somebody is told. A route without an id is about whatever is there. */
export function expected(line: Line, { role, by }: Asker, standing: Standing | null): Outcome {
  if (line[role] === undefined || (line.signedIn && by === 'token')) return 403;
  return standing === null ? 'yes' : reaches[line[role]][standing];
}
