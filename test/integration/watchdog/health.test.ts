import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { BreezeError } from "../../../src/core/errors.ts";
import { serveHealth } from "../../support/serve-health.ts";

describe("health", () => {
  test("is 503 and empty before the watchdog accepts, and 200 `OK` from then on", async ({
    expect,
  }) => {
    const { health, ask } = await serveHealth();
    expect(await ask("/_/health")).toEqual({ status: 503, type: null, body: "" });
    health.accept();
    expect(await ask("/_/health")).toEqual({
      status: 200,
      type: "text/plain; charset=utf-8",
      body: "OK",
    });
  });

  test("is 405 and empty for every other method, HEAD too", async ({ expect }) => {
    const { health, ask } = await serveHealth();
    health.accept();
    for (const method of ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"]) {
      expect(await ask("/_/health", method)).toEqual({ status: 405, type: null, body: "" });
    }
  });

  test("flips to 503 when somebody deletes the lock file, and back when it is there again", async ({
    expect,
  }) => {
    const { health, lock, healthStatus } = await serveHealth();
    health.accept();
    rmSync(lock);
    expect(await healthStatus()).toBe(503);
    writeFileSync(lock, "");
    expect(await healthStatus()).toBe(200);
  });

  test("is 503 for good once the watchdog refuses, lock file or not", async ({ expect }) => {
    const { health, lock, healthStatus } = await serveHealth();
    health.accept();
    expect(health.refuse()).toBeUndefined();
    expect(existsSync(lock)).toBe(false);
    expect(await healthStatus()).toBe(503);
    writeFileSync(lock, "");
    expect(await healthStatus()).toBe(503);
  });
});

describe("the lock file", () => {
  test("is empty, and nobody else may write it", async ({ expect }) => {
    const { health, lock } = await serveHealth();
    writeFileSync(lock, "left by a predecessor");
    rmSync(lock);
    health.accept();
    expect(statSync(lock).size).toBe(0);
    expect(statSync(lock).mode & 0o007).toBe(0);
  });

  test("of a predecessor is emptied and used", async ({ expect }) => {
    const { health, lock, healthStatus } = await serveHealth();
    writeFileSync(lock, "left by a predecessor");
    health.accept();
    expect(statSync(lock).size).toBe(0);
    expect(await healthStatus()).toBe(200);
  });

  test("has its folder made", async ({ expect }) => {
    const { folder } = await serveHealth();
    const deep = join(folder, "not", "there", "yet");
    const { health, healthStatus } = await serveHealth({ temporaryDirectory: deep });
    health.accept();
    expect(existsSync(join(deep, ".lock"))).toBe(true);
    expect(await healthStatus()).toBe(200);
  });

  test("may be in a folder whose name is not UTF-8", async ({ expect }) => {
    const { folder } = await serveHealth();
    const { health, healthStatus } = await serveHealth({
      temporaryDirectory: join(folder, "\xe4\xff"),
    });
    health.accept();
    expect(readdirSync(folder, { encoding: "latin1" })).toContain("\xe4\xff");
    expect(await healthStatus()).toBe(200);
    health.refuse();
    expect(await healthStatus()).toBe(503);
  });

  test("that cannot be written stops the start with an error that names the ways out (G25)", async ({
    expect,
  }) => {
    const { lock } = await serveHealth();
    mkdirSync(lock);
    const { health, healthStatus } = await serveHealth({ temporaryDirectory: join(lock, "..") });
    const accept = () => health.accept();
    expect(accept).toThrow(BreezeError);
    expect(accept).toThrow(expect.objectContaining({ code: "LOCK_NOT_WRITABLE", exitCode: 1 }));
    expect(accept).toThrow(/\.lock cannot be written: .*TMPDIR.*suppress_lock=true/);
    expect(await healthStatus()).toBe(503);
  });

  test("in a folder that nobody can make stops the start at once", async ({ expect }) => {
    const { health } = await serveHealth({ temporaryDirectory: "/proc/no-such-folder" });
    expect(() => health.accept()).toThrow(expect.objectContaining({ code: "LOCK_NOT_WRITABLE" }));
  });

  test("that is gone already is the reason that refusing returns, and no more", async ({
    expect,
  }) => {
    const { health, lock } = await serveHealth();
    health.accept();
    rmSync(lock);
    expect(health.refuse()?.message).toContain("ENOENT");
  });
});

describe("with suppress_lock", () => {
  test("health is kept in memory: no file, 200 while accepting, 503 afterwards (G8)", async ({
    expect,
  }) => {
    const { health, folder, healthStatus, readyStatus } = await serveHealth({ suppressLock: true });
    expect(await healthStatus()).toBe(503);
    health.accept();
    expect(readdirSync(folder)).toEqual([]);
    expect(health.lockPath).toBeUndefined();
    expect(await healthStatus()).toBe(200);
    expect(await readyStatus()).toBe(200);
    health.refuse();
    expect(await healthStatus()).toBe(503);
  });

  test("compat=openfaas brings their endless 503 back (G8)", async ({ expect }) => {
    const { health, healthStatus, readyStatus } = await serveHealth({
      suppressLock: true,
      compat: "openfaas",
    });
    health.accept();
    expect(await healthStatus()).toBe(503);
    expect(await readyStatus()).toBe(503);
  });
});
