import { useTranslation } from 'react-i18next';
import { useDesk } from '../state/desk-store.ts';

/** What the gateway notes, by its first word: a filter of that word stands for all of it. */
export const families = [
  'session',
  'password',
  'invite',
  'setup',
  'operator',
  'source',
  'weights',
  'token',
  'lead',
  'retention',
  'config',
  'key',
  'routing',
  'audit',
] as const;

const actions = [
  'session.created',
  'session.ended',
  'session.refused',
  'password.set',
  'password.changed',
  'invite.created',
  'setup.done',
  'operator.created',
  'operator.changed',
  'operator.deleted',
  'operator.availability-changed',
  'operator.handed-over',
  'operator.load-repaired',
  'source.created',
  'source.changed',
  'source.deleted',
  'source.secret-rotated',
  'source.token-changed',
  'weights.changed',
  'token.created',
  'token.revoked',
  'lead.merged',
  'lead.exported',
  'lead.erased',
  'retention.erased',
  'config.exported',
  'config.imported',
  'key.rotated',
  'routing.replayed',
  'audit.exported',
] as const;

/** The names of what the log speaks of: `operator:7` is Anna, as far as the desk knows. */
export function useAuditWords() {
  const { t } = useTranslation('settings');
  const operators = useDesk((desk) => desk.operators);
  const sources = useDesk((desk) => desk.sources);

  function operator(id: string): string | undefined {
    return [...operators.values()].find((each) => String(each.id) === id)?.name;
  }
  function thing(label: string): string {
    const [kind = '', id = ''] = label.split(':');
    switch (kind) {
      case 'operator':
        return operator(id) ?? t('audit.things.operator', { id });
      case 'source':
        return (
          [...sources.values()].find((each) => String(each.id) === id)?.name ??
          t('audit.things.source', { id })
        );
      case 'token':
      case 'session':
      case 'lead':
        return id === 'environment' ? 'ADMIN_TOKEN' : t(`audit.things.${kind}`, { id });
      case 'command-line':
      case 'system':
      case 'anonymous':
      case 'audit':
        return t(`audit.things.${kind}`);
      default:
        return label;
    }
  }
  return {
    thing,
    action(code: string): string {
      const known = actions.find((each) => each === code);
      return known === undefined ? code : t(`audit.actions.${known.replace('.', '_') as Underscored}`);
    },
    /** The name of a changed field; those of weights are the ids of operators. */
    field: (action: string, name: string) => (action === 'weights.changed' ? (operator(name) ?? name) : name),
  };
}

type Underscored = (typeof actions)[number] extends infer A
  ? A extends `${infer Family}.${infer What}`
    ? `${Family}_${What}`
    : never
  : never;
