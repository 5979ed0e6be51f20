import { z } from 'zod';
import {
  IssuedToken,
  OwnSessionPage,
  type PasswordChange,
  type TokenCreate,
} from '../../../src/contract/access.ts';
import { AuditPage, type AuditFilter } from '../../../src/contract/audit.ts';
import type { SessionId, TokenId } from '../../../src/contract/ids.ts';
import { Session, TokenPage } from '../../../src/contract/session.ts';
import { allPages, PAGE } from './calls.ts';
import { request } from './request.ts';

const Nothing = z.undefined();

/** Where I am signed in. */
export function listOwnSessions() {
  return allPages((cursor) => request(OwnSessionPage, '/sessions', { query: { limit: PAGE, cursor } }));
}

export function endOwnSession(id: SessionId) {
  return request(Nothing, `/sessions/${id}`, { method: 'DELETE' });
}

/** Ends all my sessions but this one. */
export function endOtherSessions() {
  return request(Nothing, '/sessions', { method: 'DELETE' });
}

export function changePassword(body: PasswordChange) {
  return request(Session, '/session/password', { method: 'PUT', body });
}

export function listTokens() {
  return allPages((cursor) => request(TokenPage, '/tokens', { query: { limit: PAGE, cursor } }));
}

export function createToken(body: z.input<typeof TokenCreate>) {
  return request(IssuedToken, '/tokens', { method: 'POST', body });
}

export function revokeToken(id: TokenId) {
  return request(Nothing, `/tokens/${id}`, { method: 'DELETE' });
}

export function listAudit(filter: AuditFilter, cursor: string | null) {
  return request(AuditPage, '/audit', { query: { ...filter, limit: 50, cursor } });
}
