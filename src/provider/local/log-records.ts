import { Buffer } from "node:buffer";
import { closeSync, fstatSync, openSync, read } from "node:fs";
import { promisify } from "node:util";
import { TIME_CHARACTERS } from "./log-file.ts";

/** A line that a replica has written, and when it came. */
export interface LogRecord {
  readonly instance: string;
  readonly time: Date;
  readonly text: string;
}

/** What one replica has written until a moment. */
export interface LogSnapshot extends Disposable {
  readonly instance: string;
  /** @param since - what came before is left out. */
  records(since: Date | undefined): AsyncGenerator<LogRecord>;
}

/** Now is the moment, whatever is written, rotated or removed later. */
export function openSnapshot(instance: string, path: string): LogSnapshot {
  const parts = [`${path}.1`, path].flatMap(openPart);
  return {
    instance,
    async *records(since) {
      for (const part of parts) {
        for await (const line of readLines(part)) {
          const record = parseRecord(instance, line);
          if (since === undefined || record.time >= since) yield record;
        }
      }
    },
    [Symbol.dispose]() {
      for (const { descriptor } of parts) closeSync(descriptor);
    },
  };
}

interface Part {
  readonly descriptor: number;
  readonly size: number;
}

function openPart(path: string): Part[] {
  try {
    const descriptor = openSync(path, "r");
    return [{ descriptor, size: fstatSync(descriptor).size }];
  } catch {
    return [];
  }
}

const CHUNK_BYTES = 64 * 1024;
const readBytes = promisify(read);

async function* readLines({ descriptor, size }: Part): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for (let position = 0; position < size; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - position));
    const { bytesRead } = await readBytes(descriptor, chunk, 0, chunk.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      yield bytes.toString("utf8", start, end);
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
}

const parseRecord = (instance: string, line: string): LogRecord => ({
  instance,
  time: new Date(line.slice(0, TIME_CHARACTERS - 1)),
  text: line.slice(TIME_CHARACTERS),
});

/** All of them in the order of time. */
export async function* mergeRecords(
  sources: readonly AsyncGenerator<LogRecord>[],
): AsyncGenerator<LogRecord> {
  const heads = await Promise.all(
    sources.map(async (source) => ({ source, next: await source.next() })),
  );
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.next.done) continue;
      if (first === undefined || head.next.value.time < first.next.value.time) first = head;
    }
    if (first === undefined || first.next.done) return;
    yield first.next.value;
    first.next = await first.source.next();
  }
}

/** The last so many. */
export async function takeLast(
  records: AsyncIterable<LogRecord>,
  count: number,
): Promise<LogRecord[]> {
  const ring: LogRecord[] = [];
  let seen = 0;
  if (count === 0) return ring;
  for await (const record of records) ring[seen++ % count] = record;
  const oldest = seen % count;
  return seen <= count ? ring : [...ring.slice(oldest), ...ring.slice(0, oldest)];
}
