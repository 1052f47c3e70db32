import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, onTestFinished, test } from "vitest";
import { BreezeError } from "../../../src/core/errors.ts";
import { startMetricsServer } from "../../../src/http/metrics-server.ts";

async function start(metrics: () => string) {
  const server = await startMetricsServer(0, "127.0.0.1", metrics);
  onTestFinished(() => server.close());
  return { server, ask: (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`) };
}

describe("the metrics server", () => {
  test("answers /metrics with what there is at that moment, in the format 0.0.4", async ({
    expect,
  }) => {
    let count = 0;
    const { ask } = await start(() => `asked ${++count}\n`);
    const first = await ask("/metrics");
    expect(first.status).toBe(200);
    expect(first.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await first.text()).toBe("asked 1\n");
    expect(await (await ask("/metrics?name[]=x")).text()).toBe("asked 2\n");
  });

  test.for(["/", "/metrics/", "/metricsx", "/_/health", "/%6detrics"])(
    "answers %s with 404",
    async (path, { expect }) => {
      const { ask } = await start(() => "");
      const answer = await ask(path);
      expect(answer.status).toBe(404);
      expect(await answer.text()).toBe("404 page not found\n");
      expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    },
  );

  test("answers /healthz where somebody can say it, to GET alone, with 503 while it drains", async ({
    expect,
  }) => {
    let isHealthy = true;
    const server = await startMetricsServer(
      0,
      "127.0.0.1",
      () => "",
      () => isHealthy,
    );
    onTestFinished(() => server.close());
    const url = `http://127.0.0.1:${server.port}/healthz`;
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, "OK"]);
    expect((await fetch(url, { method: "POST" })).status).toBe(405);
    isHealthy = false;
    expect((await fetch(url)).status).toBe(503);
    const { ask } = await start(() => "");
    expect((await ask("/healthz")).status).toBe(404);
  });

  test("closes at once, twice if need be, with a connection open", async ({ expect }) => {
    const { server, ask } = await start(() => "");
    await (await ask("/metrics")).text();
    await server.close();
    await server.close();
    await expect(ask("/metrics")).rejects.toThrow();
  });

  test("says which port is busy and which variable names it, instead of crashing (G29)", async ({
    expect,
  }) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      other.close();
    });
    const { port } = other.address() as AddressInfo;
    const failure = await startMetricsServer(port, "127.0.0.1", () => "").catch((error) => error);
    expect(failure).toBeInstanceOf(BreezeError);
    expect(failure).toMatchObject({ code: "LISTEN_FAILED", exitCode: 1 });
    expect(failure.message).toBe(
      `Cannot listen on port ${port} of 127.0.0.1 (variable metrics_port): something else listens there.`,
    );
  });

  test("says so where the host is not one of this machine's", async ({ expect }) => {
    const failure = await startMetricsServer(0, "192.0.2.1", () => "").catch((error) => error);
    expect(failure).toMatchObject({ code: "LISTEN_FAILED" });
    expect(failure.message).toContain("there is no such address here");
  });
});
