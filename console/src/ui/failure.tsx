import { Button } from '@mantine/core';
import { CloudOff } from 'lucide-react';
import { Notice } from './notice.tsx';

/** Something could not be loaded: what, why, and the way to try again. */
export function Failure(props: { title: string; text: string; retryLabel: string; onRetry: () => void }) {
  return (
    <Notice
      icon={<CloudOff size={26} />}
      title={props.title}
      text={props.text}
      action={
        <Button variant="default" onClick={props.onRetry}>
          {props.retryLabel}
        </Button>
      }
    />
  );
}
