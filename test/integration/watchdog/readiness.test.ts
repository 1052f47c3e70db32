import { rmSync } from "node:fs";
import { describe, test } from "vitest";
import { serveHealth } from "../../support/serve-health.ts";

describe("readiness", () => {
  test("is 503 while the watchdog does not accept, 429 while it is full, else 200, always empty", async ({
    expect,
  }) => {
    const { health, limiter, ask } = await serveHealth();
    const answer = (status: number) => ({ status, type: null, body: "" });
    limiter.isFull = true;
    expect(await ask("/_/ready")).toEqual(answer(503));
    health.accept();
    expect(await ask("/_/ready")).toEqual(answer(429));
    limiter.isFull = false;
    expect(await ask("/_/ready")).toEqual(answer(200));
  });

  test("is 405 for every other method, whatever the state", async ({ expect }) => {
    const { ask } = await serveHealth();
    expect((await ask("/_/ready", "HEAD")).status).toBe(405);
    expect((await ask("/_/ready", "POST")).status).toBe(405);
  });

  test("goes with the lock file", async ({ expect }) => {
    const { health, lock, readyStatus } = await serveHealth();
    health.accept();
    rmSync(lock);
    expect(await readyStatus()).toBe(503);
  });
});
