const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

// Making a formatter is slow and lists make thousands of times.
function format(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  let known = formats.get(key);
  if (known === undefined) formats.set(key, (known = new Intl.DateTimeFormat(language, options)));
  return known;
}

/** The local calendar day, for comparing. */
export function dayOf(at: string | number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

export function clockTime(at: string, language: string): string {
  return format(language, { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}

export function fullTime(at: string, language: string): string {
  return format(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
}

/** The hour today, the weekday this week, the date before. */
export function shortTime(at: string, now: number, language: string): string {
  const date = new Date(at);
  if (dayOf(at) === dayOf(now)) return clockTime(at, language);
  if (now - date.getTime() < 6 * DAY_MS) return format(language, { weekday: 'short' }).format(date);
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  const year = isThisYear ? {} : ({ year: '2-digit' } as const);
  return format(language, { day: 'numeric', month: 'short', ...year }).format(date);
}

export function longDay(at: string, now: number, language: string): string {
  const date = new Date(at);
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  const year = isThisYear ? {} : ({ year: 'numeric' } as const);
  return format(language, { day: 'numeric', month: 'long', ...year }).format(date);
}

/** How long since: "5 min", "2 hr", "3 days", in the words of the language. */
export function duration(since: string, now: number, language: string): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / 60_000));
  const [value, unit] =
    minutes < 60
      ? ([minutes, 'minute'] as const)
      : minutes < 1440
        ? ([Math.floor(minutes / 60), 'hour'] as const)
        : ([Math.floor(minutes / 1440), 'day'] as const);
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}

export function percent(fraction: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(fraction);
}

export function whole(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

/** With its sign and one decimal: "+2.3", "−0.5", "0". */
export function signed(value: number, language: string): string {
  const told = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(Math.abs(value));
  if (Number(value.toFixed(1)) === 0) return told;
  return value < 0 ? `−${told}` : `+${told}`;
}

/** Seconds that are left: "0:23", "59:59". */
export function countdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
