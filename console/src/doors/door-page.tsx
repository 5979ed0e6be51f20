import type { Door } from '../api/link.ts';
import { InvitePage } from './invite-page.tsx';
import { SetupPage } from './setup-page.tsx';

/** What stands before the gate: the first admin's page, or that of an invitation. */
export function DoorPage({ door }: { door: Door }) {
  switch (door.kind) {
    case 'setup':
      return <SetupPage code={door.code} />;
    case 'invite':
      return <InvitePage key={door.code} code={door.code} />;
  }
}
