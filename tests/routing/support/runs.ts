/** How often something is tried: an eighth of it where each mutant of the code has to pass everything (`QUICK`). */
export function runs(usual: number): number {
  return process.env.QUICK ? Math.ceil(usual / 8) : usual;
}
