// In this order: most browsers name others beside themselves.
const browsers = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/YaBrowser\//, 'Yandex Browser'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrom(?:e|ium)\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/^curl\//, 'curl'],
] as const;

const systems = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux|X11/, 'Linux'],
] as const;

/** What a `User-Agent` says of a browser and its system, "Firefox, Windows"; null where it says neither. */
export function deviceOf(agent: string | null): string | null {
  const found = [browsers, systems].flatMap(
    (kinds) => kinds.find(([pattern]) => pattern.test(agent ?? ''))?.[1] ?? [],
  );
  return found.length === 0 ? null : found.join(', ');
}

/** Whether it is carried about. */
export function isPhone(agent: string | null): boolean {
  return /Android|iPhone|Mobile/.test(agent ?? '');
}
