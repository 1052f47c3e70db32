import { globSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, onTestFinished, test } from "vitest";
import { createDataFolder, RunningGateway } from "../../support/run-gateway.ts";

const NAMES = [
  "base64",
  "decodebase64",
  "echoit",
  "hubstats",
  "markdown",
  "nodeinfo",
  "webhookstash",
  "wordcount",
];

const start = () => RunningGateway.start(createDataFolder(), { samples: "true" });

interface Listed {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const list = async (gateway: RunningGateway): Promise<Listed[]> =>
  (await (await gateway.ask("/system/functions")).json()) as Listed[];

async function invoke(gateway: RunningGateway, name: string, body: string) {
  const headers = { "Content-Type": "text/plain" };
  const answer = await gateway.ask(`/function/${name}`, { method: "POST", body, headers });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

/** A Docker Hub that knows one organisation. */
async function startHub(): Promise<string> {
  const server = createServer(({ url }, response) => {
    if (url !== "/v2/repositories/functions/") response.statusCode = 404;
    response.end(JSON.stringify({ count: 42, results: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const image = fileURLToPath(new URL("../../../samples/hubstats", import.meta.url));

/** The sample's program, before another hub. */
async function deployHubstats(gateway: RunningGateway, name: string, hub: string): Promise<void> {
  const envVars = { PATH: dirname(process.execPath), hub_url: hub };
  const status = await gateway.deploy(name, "node main.mjs", { image, envVars });
  if (status !== 202) throw new Error(`${name} is not deployed: ${status}`);
}

describe("the samples", () => {
  test("are there with samples=true, described for people, also in what the start says", async ({
    expect,
  }) => {
    const gateway = await start();
    const listed = await list(gateway);
    expect(listed.map(({ name }) => name).toSorted()).toEqual(NAMES);
    for (const { name, annotations } of listed) {
      const description = annotations["breeze.description"] ?? "";
      expect(description, name).not.toBe("");
      expect(gateway.stderr).toContain(`Sample ${name}: ${description}`);
    }
    const labels = listed.find(({ name }) => name === "wordcount")?.labels;
    expect(labels?.["com.faas.max_replicas"]).toBe("10");
    expect(gateway.stderr).toContain(`Page: ${gateway.url}/ui/`);
    expect(gateway.stderr).toContain(`Try: curl -d hello ${gateway.url}/function/echoit`);
  });

  test("are not there unless they are asked for", async ({ expect }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    expect(await list(gateway)).toEqual([]);
    expect(gateway.stderr).not.toContain("Sample");
  });

  test("that a user has replaced stay so, that a user has removed come back", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const first = await RunningGateway.start(folder, { samples: "true" });
    expect(await first.deploy("echoit", "tac")).toBe(202);
    await first.tell("DELETE", "/system/functions", { functionName: "base64" });
    first.process.kill("SIGTERM");
    expect(await first.ended()).toBe(0);
    const second = await RunningGateway.start(folder, { samples: "true" });
    expect((await list(second)).map(({ name }) => name).toSorted()).toEqual(NAMES);
    expect((await invoke(second, "echoit", "a\nb\n")).text).toBe("b\na\n");
  });

  test("echoit, wordcount, base64 and decodebase64 are cat, wc and base64", async ({ expect }) => {
    const gateway = await start();
    const body = `${"line ".repeat(20)}\n`;
    expect(await invoke(gateway, "echoit", body)).toMatchObject({ status: 200, text: body });
    const words = await invoke(gateway, "wordcount", body);
    expect(words.text.trim().split(/\s+/)).toEqual(["1", "20", "101"]);
    const encoded = Buffer.from(body).toString("base64");
    const wrapped = `${encoded.replace(/.{76}(?=.)/g, "$&\n")}\n`;
    expect((await invoke(gateway, "base64", body)).text).toBe(wrapped);
    expect((await invoke(gateway, "decodebase64", wrapped)).text).toBe(body);
    expect((await invoke(gateway, "decodebase64", "?")).status).toBe(500);
  });

  test("nodeinfo says what it runs on, and more for verbose", async ({ expect }) => {
    const gateway = await start();
    const form = /^Hostname: \S+\n\nPlatform: linux\nArch: \w+\nCPU count: \d+\nUptime: [\d.]+\n$/;
    expect((await invoke(gateway, "nodeinfo", "")).text).toMatch(form);
    const { text } = await invoke(gateway, "nodeinfo", "be verbose");
    expect(text).toMatch(/^Hostname: /);
    expect(text).toContain("speed:");
    expect(text).toContain("netmask:");
  });

  test("markdown makes HTML, of which nothing is the writer's own markup or script", async ({
    expect,
  }) => {
    const gateway = await start();
    const plain = await invoke(gateway, "markdown", "# Hi *you*");
    expect(plain.text).toBe("<h1>Hi <em>you</em></h1>\n");
    expect(plain.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const hostile = "<script>alert(1)</script>\n\n[a](javascript:alert(1)) <b onclick=x>b</b>";
    const { text } = await invoke(gateway, "markdown", hostile);
    expect(text).not.toMatch(/<(?!\/?p>)/);
    expect((await invoke(gateway, "markdown", "")).text).toBe("\n");
  });

  test("webhookstash keeps each body in a file of the replica's, and names it", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder, { samples: "true" });
    const bodies = ["a", "b", "c"];
    const answers = bodies.map((body) => invoke(gateway, "webhookstash", body));
    for (const [index, { text }] of (await Promise.all(answers)).entries()) {
      const [, name] = /^Stashing request: (\d{19}\.txt)\n$/.exec(text) ?? [];
      const [file = ""] = globSync(`local/replicas/*/tmp/${name}`, { cwd: folder });
      expect(readFileSync(join(folder, file), "utf8")).toBe(bodies[index]);
    }
  });

  test("hubstats counts an organisation's repositories, and fails where it cannot", async ({
    expect,
  }) => {
    const gateway = await start();
    await deployHubstats(gateway, "stats", await startHub());
    expect(await invoke(gateway, "stats", "functions\nmore\n")).toMatchObject({
      status: 200,
      text: "The organisation or user functions has 42 repositories on the Docker hub.\n",
    });
    const unknown = await invoke(gateway, "stats", "../functions");
    expect([unknown.status, unknown.text]).toEqual([500, expect.stringContaining("knows no user")]);
    const empty = await invoke(gateway, "hubstats", "");
    expect([empty.status, empty.text]).toEqual([500, expect.stringContaining("first line")]);
    const offline = (await list(gateway)).find(({ name }) => name === "hubstats");
    expect(offline?.annotations["breeze.description"]).toContain("Needs the network");
    await deployHubstats(gateway, "offline", "http://127.0.0.1:9");
    const failed = await invoke(gateway, "offline", "functions");
    expect([failed.status, failed.text]).toEqual([500, expect.stringMatching(/needs the network/)]);
  });
});
