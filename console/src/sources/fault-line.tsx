import { Alert } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';

/** A fault of a whole form, which no field of it can tell. */
export function FaultLine({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <Alert role="alert" color="red" variant="outline" icon={<TriangleAlert size={18} />}>
      {text}
    </Alert>
  );
}
