import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, onTestFinished, test } from "vitest";
import { startSite } from "../../support/site.ts";
import { toGet } from "../../support/start-watchdog.ts";

const SECRET = "the secret";

/** A site with a secret beside it. */
async function startBesideSecret(variables: Readonly<Record<string, string>> = {}) {
  const started = await startSite({ "a.txt": "a", "sub/b.txt": "b" }, variables);
  const beside = join(started.site, "..", "site-beside");
  mkdirSync(beside);
  writeFileSync(join(beside, "secret.txt"), SECRET);
  writeFileSync(join(started.site, "..", "secret.txt"), SECRET);
  return { ...started, beside };
}

const SETTINGS = [{}, { static_spa: "true", static_listing: "true" }] as const;

describe.for(SETTINGS)("what lies outside of the folder is not there (T28): %j", (settings) => {
  test.for([
    "/..%2fsecret.txt",
    "/..%2Fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/%2E%2E%2Fsite-beside%2Fsecret.txt",
    "/sub/%2e%2e/%2e%2e/secret.txt",
    "/sub%2f..%2f..%2fsecret.txt",
    "/.%2e/secret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "/..%255c..%255csecret.txt",
    "/..%c0%afsecret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/..;/secret.txt",
    "/%2fetc%2fpasswd",
    "/%2f%2fetc/passwd",
    "http://x/%2e%2e/secret.txt",
    "/..%2fsite-beside/secret.txt",
    "/a.txt/..%2f..%2fsecret.txt",
  ])("by the path %s", async (path, { expect }) => {
    const { ask } = await startBesideSecret(settings);
    const { status, body } = await ask(toGet(path, "Accept: application/json\r\n"));
    expect([path, status, body]).toEqual([path, 404, "404 page not found\n"]);
  });

  test("by paths that are cleaned, and by bytes that no path has", async ({ expect }) => {
    const { ask } = await startBesideSecret(settings);
    for (const path of ["/../secret.txt", "/sub/../../secret.txt", "//../secret.txt"]) {
      const { status, header } = await ask(toGet(path));
      expect([path, status, header("location")]).toEqual([path, 307, "/secret.txt"]);
    }
    for (const path of ["/a.txt%00", "/%00", "/a.txt%00.png", "/a%0d%0ab", "/%", "/%zz"]) {
      expect([path, (await ask(toGet(path))).status]).toEqual([path, 400]);
    }
    for (const path of [
      `/${"a".repeat(256)}`,
      `/${"a/".repeat(5000)}b`,
      `/${"a".repeat(100_000)}`,
    ]) {
      expect((await ask(toGet(path, "Accept: text/css\r\n"))).status).toBe(404);
    }
  });

  test("by links that lead out of it, whatever is asked of them", async ({ expect }) => {
    const { ask, site, beside } = await startBesideSecret(settings);
    symlinkSync(join(beside, "secret.txt"), join(site, "file.txt"));
    symlinkSync("../site-beside", join(site, "folder"));
    symlinkSync("/", join(site, "root"));
    symlinkSync("loop", join(site, "loop"));
    const paths = ["/file.txt", "/folder", "/folder/", "/folder/secret.txt", "/root/etc/passwd"];
    for (const path of [...paths, "/loop", "/loop/x"]) {
      for (const headers of [
        "",
        "If-None-Match: *\r\n",
        "If-Match: *\r\n",
        "Range: bytes=0-0\r\n",
      ]) {
        const answer = await ask(toGet(path, `Accept: text/css\r\n${headers}`));
        expect([path, headers, answer.status]).toEqual([path, headers, 404]);
      }
    }
  });

  test("by a coded file beside one that is inside, nor is there one that leads nowhere", async ({
    expect,
  }) => {
    const { ask, site, beside } = await startBesideSecret(settings);
    symlinkSync(join(beside, "secret.txt"), join(site, "a.txt.gz"));
    symlinkSync("a.txt.br", join(site, "a.txt.br"));
    mkdirSync(join(site, "a.txt.zst"));
    for (let round = 0; round < 2; round++) {
      const { body, header } = await ask(toGet("/a.txt", "Accept-Encoding: *\r\n"));
      expect([body, header("content-encoding")]).toEqual(["a", undefined]);
    }
  });
});

describe("what no site has (T28)", () => {
  test("files and folders with a dot in front, but /.well-known/", async ({ expect }) => {
    const { ask } = await startSite(
      {
        ".env": SECRET,
        ".git/config": SECRET,
        "sub/.htpasswd": SECRET,
        ".well-known/security.txt": "here",
        ".well-known/.hidden": SECRET,
        "sub/.well-known/x": SECRET,
      },
      { static_listing: "true" },
    );
    for (const path of ["/.env", "/%2eenv", "/.git/config", "/.git/", "/.git", "/sub/.htpasswd"]) {
      expect([path, (await ask(toGet(path))).status]).toEqual([path, 404]);
    }
    expect((await ask(toGet("/.well-known/.hidden"))).status).toBe(404);
    expect((await ask(toGet("/sub/.well-known/x"))).status).toBe(404);
    expect((await ask(toGet("/.well-known/security.txt"))).body).toBe("here");
    expect((await ask(toGet("/"))).body).not.toContain("env");
  });

  test("FIFOs, sockets and devices: nobody waits for one", async ({ expect }) => {
    const { ask, site } = await startSite({ "a.txt": "a" });
    execFileSync("mkfifo", [join(site, "fifo")]);
    execFileSync("mkfifo", [join(site, "a.txt.gz")]);
    const server = createServer().listen(join(site, "socket"));
    onTestFinished(() => void server.close());
    symlinkSync("/dev/zero", join(site, "zero"));
    for (const path of ["/fifo", "/socket", "/zero", "/fifo/"]) {
      expect([path, (await ask(toGet(path))).status]).toEqual([path, 404]);
    }
    expect((await ask(toGet("/a.txt", "Accept-Encoding: gzip\r\n"))).body).toBe("a");
  });
});

test("what may not be read is 403, be it a file or a folder on the way", async ({ expect }) => {
  const files = { "a.txt": "a", "sub/b.txt": "b", "open.txt": "c", "open.txt.gz": "never" };
  const { ask, site } = await startSite(files);
  for (const path of [join(site, ".."), site]) chmodSync(path, 0o755);
  for (const name of ["a.txt", "sub", "open.txt.gz"]) chmodSync(join(site, name), 0);
  await asNobody(async () => {
    expect((await ask(toGet("/a.txt"))).status).toBe(403);
    expect((await ask(toGet("/sub/b.txt"))).status).toBe(403);
    expect((await ask(toGet("/open.txt", "Accept-Encoding: gzip\r\n"))).body).toBe("c");
  });
});

/** The superuser may read everything. */
async function asNobody(act: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return await act();
  process.seteuid?.(65_534);
  try {
    await act();
  } finally {
    process.seteuid?.(0);
  }
}
