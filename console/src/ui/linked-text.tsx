import { Fragment } from 'react';

const LINK = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}])/g;

/** Text as it was written, with its web addresses as links. */
export function LinkedText({ text }: { text: string }) {
  // A pattern with one group puts the matches at the odd places.
  return text.split(LINK).map((part, index) =>
    index % 2 === 1 ? (
      <a key={index} href={part} target="_blank" rel="noreferrer noopener nofollow">
        {part}
      </a>
    ) : (
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}
