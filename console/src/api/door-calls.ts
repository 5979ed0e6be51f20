import {
  Invited,
  SetupState,
  type InviteAccept,
  type Setup,
  type SignIn,
} from '../../../src/contract/access.ts';
import { Operator } from '../../../src/contract/operator.ts';
import { Session } from '../../../src/contract/session.ts';
import { request } from './request.ts';

/** Whether the first admin is still to be made. */
export function getSetup() {
  return request(SetupState, '/setup', { as: null });
}

export function setUp(body: Setup) {
  return request(Operator, '/setup', { method: 'POST', body, as: null });
}

export function signInWithPassword(body: SignIn) {
  return request(Session, '/session', { method: 'POST', body, as: null });
}

export function lookAtInvite(code: string) {
  return request(Invited, '/invite/look', { method: 'POST', body: { code }, as: null });
}

export function acceptInvite(body: InviteAccept) {
  return request(Session, '/invite', { method: 'POST', body, as: null });
}
