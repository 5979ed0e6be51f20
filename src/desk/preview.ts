const LENGTH = 200;

/** The beginning of a text, for lists; never half of a surrogate pair. */
export function previewOf(text: string): string {
  if (text.length <= LENGTH) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(LENGTH - 1)) ? LENGTH - 1 : LENGTH;
  return text.slice(0, end);
}
