import type { RequestContext } from './api.ts';

/** The headers of a file that a browser keeps and never shows. */
export function attachment(contentType: string, fileName: string): Record<string, string> {
  return { 'content-type': contentType, 'content-disposition': `attachment; filename="${fileName}"` };
}

/** The body of an answer, made piece by piece as it is taken. */
export function streamOf(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  return ReadableStream.from(pieces).pipeThrough(new TextEncoderStream());
}

/** Whether only the headers are asked for: nothing is taken out then, and nothing is noted. */
export function isHead(c: RequestContext): boolean {
  return c.req.method === 'HEAD';
}
