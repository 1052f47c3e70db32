// Keeps each body in a file of its own. This folder is all replicas', so the files go where TMPDIR says, a replica's own as long as it lives.
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

const body = await buffer(process.stdin);
const nanoseconds = BigInt(Date.now()) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n);
const name = `${nanoseconds}.txt`;
// "x": two of the same moment must not be one file.
await writeFile(join(tmpdir(), name), body, { flag: "wx" });
console.log(`Stashing request: ${name}`);
