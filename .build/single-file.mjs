// Writes the one file that is the watchdog: the launcher, and behind it what it carries, with a table that says where each part lies.
// The launcher reads the table in src/process/launcher/single-file.h.
import { closeSync, copyFileSync, openSync, readFileSync, statSync, writeSync } from "node:fs";

const KIND = { node: 1, loader: 2, library: 3, licences: 4 };
const TABLE_ENTRIES = 16;
const ENTRY_BYTES = 64;
const MAGIC_BYTES = 16;
const MAGIC = "breeze-payload1";
/** What is mapped from the file begins on a page, and the largest pages of arm64 have this size. */
const PAGE_BYTES = 65536;

/** `parts`: `{ kind, name, path }` each. */
export function writeSingleFile(output, launcher, parts) {
  if (parts.length > TABLE_ENTRIES)
    throw new Error(`${parts.length} parts do not fit into the table`);
  copyFileSync(launcher, output);
  const file = openSync(output, "r+");
  const table = Buffer.alloc(TABLE_ENTRIES * ENTRY_BYTES + MAGIC_BYTES);
  let end = statSync(output).size;
  for (const [index, part] of parts.entries()) {
    const offset = Math.ceil(end / PAGE_BYTES) * PAGE_BYTES;
    const bytes = readFileSync(part.path);
    writeSync(file, bytes, 0, bytes.length, offset);
    describe(table.subarray(index * ENTRY_BYTES), part, offset, bytes.length);
    end = offset + bytes.length;
  }
  table.write(MAGIC, TABLE_ENTRIES * ENTRY_BYTES);
  writeSync(file, table, 0, table.length, end);
  closeSync(file);
}

function describe(entry, { kind, name }, offset, size) {
  entry.writeBigUInt64LE(BigInt(offset), 0);
  entry.writeBigUInt64LE(BigInt(size), 8);
  entry.writeBigUInt64LE(BigInt(KIND[kind]), 16);
  entry.write(name.slice(0, 39), 24);
}
