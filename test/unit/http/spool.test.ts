import { readdirSync } from "node:fs";
import { onTestFinished, test } from "vitest";
import { createSpoolFolder, type SpoolFile } from "../../../src/http/spool.ts";
import { StoredBody } from "../../../src/http/stored-body.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";

async function createFile(directory: string, onUnusable = (_error: Error) => {}) {
  const { promise, resolve } = Promise.withResolvers<SpoolFile | undefined>();
  const folder = createSpoolFolder(directory, onUnusable);
  folder.createFile(resolve);
  const file = await promise;
  onTestFinished(() => file?.close());
  return { folder, file };
}

function append(file: SpoolFile, chunks: readonly Uint8Array[]): Promise<Error | null> {
  return new Promise((resolve) => file.append(chunks, resolve));
}

async function readAll(body: StoredBody): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = await new Promise<Uint8Array>((resolve, reject) =>
      body.read((error, read) => (error === null ? resolve(read) : reject(error))),
    );
    if (piece.length === 0) return Buffer.concat(pieces);
    pieces.push(piece);
  }
}

test("a stored body is read back whole: what is in its file, then what is in memory", async ({
  expect,
}) => {
  using folder = createTemporaryFolder();
  const { file } = await createFile(folder.path);
  if (file === undefined) throw new Error("no file");
  const parts = [Buffer.alloc(200_000, "a"), Buffer.alloc(3, "b"), Buffer.alloc(70_000, "c")];
  expect(await append(file, parts.slice(0, 2))).toBeNull();
  expect(await append(file, parts.slice(2))).toBeNull();
  expect(readdirSync(folder.path)).toEqual([]);
  const rest = Buffer.from("rest");
  const whole = Buffer.concat([...parts, rest]);
  const body = new StoredBody(whole.length, file, [rest]);
  expect((await readAll(body)).equals(whole)).toBe(true);
});

test("a folder that takes no file is said once, and not tried again", async ({ expect }) => {
  const errors: Error[] = [];
  const { folder, file } = await createFile("/etc/passwd/no-folder", (error) => errors.push(error));
  expect(file).toBeUndefined();
  folder.createFile((second) => expect(second).toBeUndefined());
  folder.failed(new Error("again"));
  expect(errors).toHaveLength(1);
});

test("a file that is closed while it is written calls nobody back", async ({ expect }) => {
  using folder = createTemporaryFolder();
  const { file } = await createFile(folder.path);
  let calls = 0;
  file?.append([Buffer.alloc(100_000)], () => calls++);
  file?.close();
  file?.close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(calls).toBe(0);
});
