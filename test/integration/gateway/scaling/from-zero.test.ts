import { describe, test } from "vitest";
import { findLogged } from "../../../support/gateway-log.ts";
import { RawClient } from "../../../support/raw-http.ts";
import { RecordingFunction } from "../../../support/recording-function.ts";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";
import { until } from "../../../support/until.ts";

const post = (body: string): RequestInit => ({
  method: "POST",
  body,
  headers: { "X-Call-Id": body },
});

async function startAtZero(envVars: Readonly<Record<string, string>> = {}) {
  const folder = createDataFolder();
  const recording = new RecordingFunction(folder);
  const gateway = await RunningGateway.start(folder);
  await gateway.deploy("sleeper", recording.command, { envVars });
  await gateway.tell("POST", "/system/scale-function/sleeper", { replicas: 0 });
  const count = async (metric: string) => {
    const text = await (await gateway.ask("/metrics")).text();
    const found = new RegExp(`^${metric}\\{function_name="sleeper"[^}]*\\} (\\d+)$`, "m").exec(
      text,
    );
    return Number(found?.[1]);
  };
  return { gateway, recording, count };
}

describe("a function at zero, with requests that wait", () => {
  test("T45: has one scale-up for a hundred of them, and each runs once and is answered", async ({
    expect,
  }) => {
    const { gateway, recording, count } = await startAtZero();
    const bodies = Array.from({ length: 100 }, (_, index) => `call-${index}`);
    const answers = await Promise.all(
      bodies.map(async (body) => {
        const answer = await gateway.ask("/function/sleeper", post(body));
        return [answer.status, await answer.text()];
      }),
    );
    expect(answers).toEqual(bodies.map((body) => [200, body]));
    expect(recording.runs.toSorted()).toEqual(bodies.toSorted());
    const ups = findLogged(gateway, "scaled").filter(({ to }) => to !== 0);
    expect(ups).toMatchObject([{ from: 0, to: 1, reason: "request" }]);
    expect(await count("gateway_cold_starts_total")).toBe(1);
  });

  test("runs nothing for a client that left while it waited, and goes on for the others", async ({
    expect,
  }) => {
    const { gateway, recording, count } = await startAtZero();
    const port = Number(new URL(gateway.url).port);
    const leaving = await RawClient.connect(port);
    leaving.send(
      "POST /function/sleeper HTTP/1.1\r\nHost: a\r\nX-Call-Id: left\r\nContent-Length: 1\r\n\r\na",
    );
    await until("it waits", async () => (await count("gateway_functions_waiting")) === 1);
    leaving.reset();
    await until("it is given up", async () => (await count("gateway_functions_waiting")) === 0);
    const answer = await gateway.ask("/function/sleeper", post("stayed"));
    expect([answer.status, await answer.text()]).toEqual([200, "stayed"]);
    expect(recording.runs).toEqual(["stayed"]);
  });

  test("wakes for what is queued, too", async ({ expect }) => {
    const { gateway, recording } = await startAtZero();
    expect((await gateway.ask("/async-function/sleeper", post("later"))).status).toBe(202);
    await until("it ran", () => recording.runs.length > 0, 30_000);
    expect(recording.runs).toEqual(["later"]);
  });

  test("T45: whose replicas end before they take requests is 503 soon, with how they ended and where to look", async ({
    expect,
  }) => {
    const { gateway, recording } = await startAtZero({ mode: "no-such-mode" });
    const answers = await Promise.all(
      ["a", "b", "c"].map((body) => gateway.ask("/function/sleeper", post(body))),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      const text = await answer.text();
      expect(text).toContain("exit code 78");
      expect(text).toContain("faas-cli logs sleeper");
    }
    expect(recording.runs).toEqual([]);
    const url = "/system/logs?name=sleeper&follow=false";
    expect(await (await gateway.ask(url)).text()).toContain("no-such-mode");
    await gateway.deploy("sleeper", recording.command);
    const mended = await gateway.ask("/function/sleeper", post("mended"));
    expect([mended.status, await mended.text()]).toEqual([200, "mended"]);
  });

  test("says 503 at once where it is not to be woken", async ({ expect }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder, { scale_from_zero: "false" });
    await gateway.deploy("cat", "cat");
    await gateway.tell("POST", "/system/scale-function/cat", { replicas: 0 });
    expect((await gateway.ask("/function/cat", post("a"))).status).toBe(503);
  });
});

describe("a function that may idle at zero", () => {
  test("is taken there after its idle time, and comes back for the next request", async ({
    expect,
  }) => {
    using temporary = createTemporaryFolder();
    const recording = new RecordingFunction(temporary.path);
    const gateway = await RunningGateway.start(createDataFolder());
    const labels = { "com.openfaas.scale.zero": "true", "com.openfaas.scale.zero-duration": "1s" };
    await gateway.deploy("idler", recording.command, { labels });
    expect((await gateway.ask("/function/idler", post("first"))).status).toBe(200);
    const zeros = () => findLogged(gateway, "scaled").filter(({ to }) => to === 0);
    await until("it is at zero", () => zeros().length > 0, 60_000);
    expect(zeros()).toMatchObject([{ from: 1, reason: "idle" }]);
    const again = await gateway.ask("/function/idler", post("second"));
    expect([again.status, await again.text()]).toEqual([200, "second"]);
    expect(recording.runs).toEqual(["first", "second"]);
  });
});
