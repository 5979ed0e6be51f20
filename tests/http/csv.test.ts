import { expect, test } from 'vitest';
import { csvLine } from '../../src/http/csv.ts';

test('a cell with a comma, a quote or a line end is quoted', () => {
  expect(csvLine([1, null, 'plain', 'a,b', 'say "hi"', 'two\r\nlines', ''])).toBe(
    '1,,plain,"a,b","say ""hi""","two\r\nlines",\r\n',
  );
});

test('what a spreadsheet would run is text', () => {
  for (const begin of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
    const cell = `${begin}HYPERLINK("http://evil.example")`;
    expect(csvLine([cell])).toBe(`"'${cell.replaceAll('"', '""')}"\r\n`);
  }
  expect(csvLine(['a=1', -1])).toBe('a=1,-1\r\n');
});
