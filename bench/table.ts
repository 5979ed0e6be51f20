/** A table of figures; numbers are shown without a fraction. */
export type Table = { head: string[]; rows: (string | number)[][] };

/** The table for a terminal, right-aligned but for the first column. */
export function asText({ head, rows }: Table): string {
  const { cells, widths } = laidOut({ head, rows });
  return cells.map((row) => alignedCells(row, widths).join('  ').trimEnd()).join('\n');
}

/** The table in Markdown, as the formatter leaves it. */
export function asMarkdown({ head, rows }: Table): string {
  const { cells, widths } = laidOut({ head, rows });
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const lines = [
    alignedCells(cells[0]!, widths),
    rule,
    ...cells.slice(1).map((row) => alignedCells(row, widths)),
  ];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function laidOut({ head, rows }: Table): { cells: string[][]; widths: number[] } {
  const cells = [head, ...rows.map((row) => row.map(shown))];
  // Three, because a rule of Markdown has at least three dashes.
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)));
  return { cells, widths };
}

function alignedCells(row: string[], widths: number[]): string[] {
  return row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)));
}

function shown(cell: string | number): string {
  return typeof cell === 'string' ? cell : cell.toFixed(0);
}
