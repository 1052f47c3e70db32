import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, test } from "vitest";
import { startSite, WRITTEN_TEXT } from "../../support/site.ts";
import { toGet } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const DIGITS = "0123456789";
const LARGE = DIGITS.repeat(20_000);

/** A file's tag is strong when its file has been left alone for a second. */
async function startSettled(files: Readonly<Record<string, string>>) {
  const started = await startSite(files);
  const [name] = Object.keys(files);
  let etag = "";
  await until("the tag is strong", async () => {
    etag = (await started.ask(toGet(`/${name}`))).header("etag") ?? "";
    return etag.startsWith('"');
  });
  return { ...started, etag };
}

describe.for([
  ["small", DIGITS],
  ["large", LARGE],
] as const)("a %s file", ([, content]) => {
  test("that a client has already is 304, and what must match and does not is 412", async ({
    expect,
  }) => {
    const { ask, connect, etag } = await startSettled({ "a.txt": content });
    const status = async (headers: string) => (await ask(toGet("/a.txt", headers))).status;
    expect(await status(`If-Match: ${etag}\r\n`)).toBe(200);
    expect(await status('If-Match: "x"\r\n')).toBe(412);
    expect(await status(`If-Modified-Since: Sun, 02 Feb 2020 03:04:04 GMT\r\n`)).toBe(200);
    expect(await status(`If-Unmodified-Since: Sun, 02 Feb 2020 03:04:04 GMT\r\n`)).toBe(412);
    const client = await connect();
    for (const condition of [`If-None-Match: "x", ${etag}`, `If-Modified-Since: ${WRITTEN_TEXT}`]) {
      client.send(toGet("/a.txt", `${condition}\r\n`));
      await until("the head", () => client.received.endsWith("\r\n\r\n"));
      expect(client.received).toMatch(/^HTTP\/1\.1 304 Not Modified\r\n/);
      expect(client.received).toContain(`ETag: ${etag}\r\n`);
      expect(client.received).toContain("Cache-Control: no-cache\r\nVary: Accept-Encoding\r\n");
      expect(client.received).not.toMatch(/content-(length|type)|transfer-encoding/i);
      client.received = "";
    }
    client.send(toGet("/a.txt"));
    expect((await client.answer()).body).toBe(content);
  });

  test("is sent in part where a part is asked for", async ({ expect }) => {
    const { ask, etag } = await startSettled({ "a.txt": content });
    const size = content.length;
    const part = (headers: string) => ask(toGet("/a.txt", headers));
    const middle = await part("Range: bytes=2-5\r\n");
    expect([middle.status, middle.body]).toEqual([206, "2345"]);
    expect(middle.header("content-range")).toBe(`bytes 2-5/${size}`);
    expect(middle.header("content-type")).toBe("text/plain; charset=utf-8");
    expect((await part("Range: bytes=-3\r\n")).body).toBe("789");
    const rest = await part(`Range: bytes=3-\r\nIf-Range: ${etag}\r\n`);
    expect([rest.status, rest.body]).toEqual([206, content.slice(3)]);
    const other = await part('Range: bytes=3-\r\nIf-Range: "x"\r\n');
    expect([other.status, other.body]).toEqual([200, content]);
    const behind = await part(`Range: bytes=${size}-\r\n`);
    expect([behind.status, behind.header("content-range")]).toEqual([416, `bytes */${size}`]);
    expect((await part("Range: lines=1-2\r\n")).status).toBe(200);
    expect((await part(`Range: bytes=2-5\r\nIf-None-Match: ${etag}\r\n`)).status).toBe(304);
  });

  test("is sent in several parts, each with its place", async ({ expect }) => {
    const { ask } = await startSettled({ "a.txt": content });
    const answer = await ask(toGet("/a.txt", "Range: bytes=0-1, 4-4, -2\r\n"));
    const [, boundary = ""] =
      /^multipart\/byteranges; boundary=(.+)$/.exec(answer.header("content-type") ?? "") ?? [];
    const size = content.length;
    const parts = answer.body.split(`--${boundary}`);
    expect(answer.status).toBe(206);
    expect(answer.header("content-range")).toBeUndefined();
    expect(parts.map((text) => text.split("\r\n\r\n")[1])).toEqual([
      undefined,
      "01\r\n",
      "4\r\n",
      "89\r\n",
      undefined,
    ]);
    expect(parts[3]).toContain(`Content-Range: bytes ${size - 2}-${size - 1}/${size}\r\n`);
  });

  test("is sent as a whole where its parts would be more (T28)", async ({ expect }) => {
    const { ask } = await startSettled({ "a.txt": content });
    const greedy = Array.from({ length: 1000 }, (_, index) => `${index % 5}-`).join(",");
    const answer = await ask(toGet("/a.txt", `Range: bytes=${greedy}\r\n`));
    expect([answer.status, answer.body.length]).toEqual([200, content.length]);
  });
});

describe("a file beside which it lies compressed", () => {
  const latin1 = (bytes: Buffer) => bytes.toString("latin1");
  const text = "console.log('hello');\n".repeat(100);
  const files = {
    "app.js": text,
    "app.js.br": latin1(brotliCompressSync(text)),
    "app.js.gz": latin1(gzipSync(text)),
    "app.js.zst": latin1(zstdCompressSync(Buffer.from(text))),
    "photo.png": "png",
    "photo.png.gz": "never",
    "only.css.gz": "never",
  };

  test("is sent in the coding that its client likes best, with a tag of its own", async ({
    expect,
  }) => {
    const { ask } = await startSettled(files);
    const tags = new Set<string | undefined>();
    for (const [accepted, coding, name] of [
      ["gzip, deflate, br, zstd", "br", "app.js.br"],
      ["gzip;q=1, br;q=0.2", "gzip", "app.js.gz"],
      ["zstd", "zstd", "app.js.zst"],
      ["identity", undefined, "app.js"],
    ] as const) {
      for (let round = 0; round < 2; round++) {
        const answer = await ask(toGet("/app.js", `Accept-Encoding: ${accepted}\r\n`));
        expect([answer.header("content-encoding"), answer.body]).toEqual([coding, files[name]]);
        expect(answer.header("content-type")).toBe("text/javascript; charset=utf-8");
        expect(answer.header("vary")).toBe("Accept-Encoding");
        tags.add(answer.header("etag"));
      }
    }
    expect(tags.size).toBe(4);
  });

  test("is 304 by the tag of the coding that it would be sent in, and by no other", async ({
    expect,
  }) => {
    const { ask, etag } = await startSettled(files);
    const status = async (headers: string) => (await ask(toGet("/app.js", headers))).status;
    expect(await status(`If-None-Match: ${etag}\r\n`)).toBe(304);
    expect(await status(`If-None-Match: ${etag}\r\nAccept-Encoding: br\r\n`)).toBe(200);
  });

  test("has parts of what it is sent as", async ({ expect }) => {
    const { ask } = await startSettled(files);
    const answer = await ask(toGet("/app.js", "Accept-Encoding: br\r\nRange: bytes=0-3\r\n"));
    expect([answer.status, answer.body]).toEqual([206, files["app.js.br"].slice(0, 4)]);
    expect(answer.header("content-encoding")).toBe("br");
  });

  test("is itself where compressing again would be in vain, and is not made up", async ({
    expect,
  }) => {
    const { ask } = await startSettled(files);
    const gzip = "Accept-Encoding: gzip\r\n";
    const photo = await ask(toGet("/photo.png", gzip));
    expect([photo.body, photo.header("vary")]).toEqual(["png", undefined]);
    expect((await ask(toGet("/only.css", gzip))).status).toBe(404);
    const packed = await ask(toGet("/app.js.gz", gzip));
    expect(packed.header("content-encoding")).toBeUndefined();
    expect(packed.header("content-type")).toBe("application/gzip");
  });
});

const isCurlMissing = spawnSync("curl", ["--version"]).error !== undefined;
const isSkipped = isCurlMissing && process.env.CI !== "true";
if (isSkipped) console.warn("static files are not tried with curl: there is none");

test.skipIf(isSkipped)("curl gets parts, continues downloads, and unpacks", async ({ expect }) => {
  const { port } = await startSettled({
    "a.txt": LARGE,
    "a.txt.gz": gzipSync(LARGE).toString("latin1"),
  });
  const curl = async (...args: readonly string[]) => {
    const url = `http://127.0.0.1:${port}/a.txt`;
    return (await promisify(execFile)("curl", ["-sS", "--fail", ...args, url])).stdout;
  };
  expect(await curl("--range", "10-14")).toBe("01234");
  expect(await curl("--range", "0-1,5-6")).toContain("bytes 5-6/200000");
  expect(await curl("--continue-at", "199995")).toBe("56789");
  expect(await curl("--compressed")).toBe(LARGE);
  expect(await curl("--head", "--compressed")).toContain("Content-Encoding: gzip\r\n");
});
