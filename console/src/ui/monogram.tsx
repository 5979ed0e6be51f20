import classes from './monogram.module.css';

const TONES = 6;

function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .slice(0, 2)
    .map((word) => String.fromCodePoint(word.codePointAt(0) ?? 32).toLocaleUpperCase())
    .join('');
}

/** A round badge with initials, in a colour that stays the same for the same `seed`. */
export function Monogram({ name, seed, size = 40 }: { name: string; seed: number; size?: number }) {
  return (
    <span
      className={classes.monogram}
      data-tone={seed % TONES}
      style={{ width: size, height: size, fontSize: size * 0.38 }}
      aria-hidden
    >
      {initials(name)}
    </span>
  );
}
