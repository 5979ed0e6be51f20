const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in its two greatest units: "2 hr 51 min", "40 sec"; below a second "<1 sec". */
export function span(seconds: number, language: string): string {
  const show = (value: number, unit: string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
  if (seconds > 0 && seconds < 1) return `<${show(1, 'second')}`;
  if (seconds < MINUTE) return show(Math.round(seconds), 'second');
  const units = [
    ['day', DAY],
    ['hour', HOUR],
    ['minute', MINUTE],
    ['second', 1],
  ] as const;
  const first = units.findIndex(([, length]) => seconds >= length);
  const [great, small] = [units[first]!, units[first + 1]!];
  // Rounded before it is split: 59 min 60 sec is an hour.
  const rounded = Math.round(seconds / small[1]) * small[1];
  if (rounded >= (units[first - 1]?.[1] ?? Infinity)) return span(rounded, language);
  const rest = Math.round((rounded % great[1]) / small[1]);
  const shown = show(Math.floor(rounded / great[1]), great[0]);
  return rest === 0 ? shown : `${shown} ${show(rest, small[0])}`;
}
