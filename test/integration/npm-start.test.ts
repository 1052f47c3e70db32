import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import { createDataFolder, findProcessesIn } from "../support/run-gateway.ts";
import { RunningProgram } from "../support/running-program.ts";
import { until } from "../support/until.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A script of package.json, as a terminal runs it: what it starts is in one process group. */
class NpmScript extends RunningProgram {
  constructor(
    folder: string,
    name: string,
    variables: Readonly<Record<string, string>> = {},
    given: readonly string[] = [],
  ) {
    const { PATH } = process.env;
    const env = { PATH, HOME: folder, port: "0", metrics_port: "0", ...variables };
    super(["npm", "run", "--silent", name, "--", ...given], { cwd: root, env, detached: true });
  }

  /** What stands in the log behind a text, once it is there. */
  async said(before: string): Promise<string> {
    const find = () => new RegExp(`${before}(\\S+?)[";]?(?=\\s)`).exec(this.stderr)?.[1];
    const isOver = () => this.process.exitCode !== null;
    await until(`it says ${before}`, () => find() !== undefined || isOver(), 45_000);
    const found = find();
    if (found === undefined) throw new Error(`it ended: ${this.stderr}`);
    return found;
  }

  /** False: nobody is there any more. */
  pressCtrlC(): boolean {
    try {
      return process.kill(-(this.process.pid as number), "SIGINT");
    } catch {
      return false;
    }
  }
}

const post = (body: string): RequestInit => ({ method: "POST", body });

describe("npm start", () => {
  test("brings up a gateway whose first line to try answers, and Ctrl-C ends all of it with 0", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const npm = new NpmScript(folder, "start");
    const url = await npm.said("Try: curl -d hello ");
    const answer = await fetch(url, post("hello"));
    expect([answer.status, await answer.text()]).toEqual([200, "hello"]);
    const page = await fetch(await npm.said("Page: "));
    expect(await page.text()).toContain("<title>Breeze</title>");
    expect(await npm.said("Data: ")).toBe(`${folder}/.local/state/breeze`);
    npm.pressCtrlC();
    expect(await npm.ended()).toBe(0);
    expect(npm.stderr).toContain('step="drained"');
    expect(findProcessesIn(folder)).toEqual([]);
  });

  test("waits at Ctrl-C for what is in flight, and at a second one no longer", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const npm = new NpmScript(folder, "start", { samples: "false" });
    const { origin } = new URL(await npm.said("Page: "));
    const body = JSON.stringify({ service: "slow", image: "x", envProcess: "sleep 300" });
    expect((await fetch(`${origin}/system/functions`, post(body))).status).toBe(202);
    const answer = fetch(`${origin}/function/slow`, post("")).catch(() => undefined);
    await until("it is in flight", async () => {
      const text = await (await fetch(`${origin}/metrics`)).text();
      return text.includes('gateway_functions_in_flight{function_name="slow"} 1');
    });
    npm.pressCtrlC();
    await until("it drains", () => /step="closing" inFlight=1/.test(npm.stderr));
    expect(npm.process.exitCode).toBe(null);
    await until("it hurries", async () => {
      // What comes within a moment is one key, which npm passes on besides.
      await delay(150);
      return !npm.pressCtrlC() || npm.stderr.includes('step="terminating"');
    });
    expect(await npm.ended()).not.toBe(0);
    await answer;
    expect(findProcessesIn(folder)).toEqual([]);
  });

  test("says in one line of its own that the port is taken", async ({ expect }) => {
    const first = new NpmScript(createDataFolder(), "start", { samples: "false" });
    const { port } = new URL(await first.said("Page: "));
    const second = new NpmScript(createDataFolder(), "start", { port });
    expect(await second.ended()).toBe(1);
    const lines = second.stderr.split("\n").filter((line) => line !== "" && !/^npm /.test(line));
    expect(lines).toEqual([
      `Cannot listen on port ${port} of 127.0.0.1 (variable port): something else listens there.`,
    ]);
    first.pressCtrlC();
    expect(await first.ended()).toBe(0);
  });
});

test("npm run gateway runs commands on the Node that it needs, whichever npm runs on, and only the secret is on stdout", async ({
  expect,
}) => {
  const given = ["token", "create", "ci", "--scope", "read"];
  const npm = new NpmScript(createDataFolder(), "gateway", {}, given);
  expect(await npm.ended()).toBe(0);
  expect(npm.stdout).toMatch(/^brz_[\w-]{43}\n$/);
});

test("npm run watchdog serves fprocess, says what to try, and ends at Ctrl-C", async ({
  expect,
}) => {
  const npm = new NpmScript(createDataFolder(), "watchdog", { log_format: "text" });
  const answer = await fetch(await npm.said("Try: curl -d hello "), post("hello"));
  expect(await answer.text()).toBe("hello");
  npm.pressCtrlC();
  expect(await npm.ended()).toBe(0);
});
