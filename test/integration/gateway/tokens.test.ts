import { describe, test } from "vitest";
import { createDataFolder, RunningGateway } from "../../support/run-gateway.ts";
import { until } from "../../support/until.ts";

async function run(folder: string, ...commandLine: string[]): Promise<RunningGateway> {
  const program = new RunningGateway(folder, {}, commandLine);
  await program.ended();
  return program;
}

async function create(folder: string, ...options: string[]): Promise<string> {
  return (await run(folder, "token", "create", "ci", ...options)).stdout.trim();
}

describe("a token that is made while the gateway runs", () => {
  test("is good for its scopes at once, and for nothing when it is revoked", async ({ expect }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder, { basic_auth: "true" });
    const secret = await create(folder, "--scope", "read,logs");
    const ask = async (path: string, method = "GET") => {
      const headers = { authorization: `Bearer ${secret}` };
      return (await gateway.ask(path, { method, headers })).status;
    };
    await until("it is known", async () => (await ask("/system/functions")) === 200);
    expect(await ask("/system/functions", "DELETE")).toBe(403);
    const list = (await run(folder, "token", "list")).stdout;
    expect(list).toMatch(/^[\da-f]{12} {2}"ci", read, logs, since /);
    expect(list).not.toContain(secret);
    const [id = ""] = list.split(" ");
    expect((await run(folder, "token", "revoke", id)).stderr).toBe(`token ${id} is revoked\n`);
    await until("it is good for nothing", async () => (await ask("/system/functions")) === 401);
    expect((await run(folder, "token", "list")).stdout).toBe("");
  });

  test("may be for one function, until some time", async ({ expect }) => {
    const folder = createDataFolder();
    await create(folder, "--scope", "invoke", "--function", "a,b.other", "--expires-in", "1h");
    const { stdout } = await run(folder, "token", "list", "--json");
    const [token] = JSON.parse(stdout);
    expect(token.functions).toEqual(["a.openfaas-fn", "b.other"]);
    expect(Date.parse(token.expiresAt) - Date.parse(token.createdAt)).toBeGreaterThan(3_590_000);
    expect(token).not.toHaveProperty("digest");
  });

  test("is one of many, all of which are kept, whoever makes them at the same time", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const made = await Promise.all(
      Array.from({ length: 4 }, () => create(folder, "--scope", "read")),
    );
    expect(new Set(made).size).toBe(4);
    const { stdout } = await run(folder, "token", "list", "--json");
    expect(JSON.parse(stdout)).toHaveLength(4);
  });
});

test("a command line that is none ends with 2, and says what was wrong and what is right", async ({
  expect,
}) => {
  const folder = createDataFolder();
  for (const [commandLine, message] of [
    [["backpu"], /no command "backpu".*one of backup, restore, token create/],
    [["token", "create", "--scope", "read"], /NAME is missing; usage: gateway token create NAME/],
    [["token", "create", "ci", "--scope", "root"], /--scope has "root", expected some of admin/],
    [["token", "create", "ci"], /--scope is missing/],
    [
      ["token", "create", "a", "--scope", "read", "--expires-in", "soon"],
      /--expires-in has "soon"/,
    ],
    [["token", "list", "--yaml"], /Unknown option '--yaml'; usage: gateway token list/],
    [["backup", "a", "b"], /"b" is one argument too many/],
  ] as const) {
    const program = new RunningGateway(folder, {}, commandLine);
    expect(await program.ended(), commandLine.join(" ")).toBe(2);
    expect(program.stderr).toMatch(message);
    expect(program.stderr.trim().split("\n")).toHaveLength(1);
  }
  const unknown = new RunningGateway(folder, {}, ["token", "revoke", "none"]);
  expect(await unknown.ended()).toBe(1);
  const help = new RunningGateway(folder, {}, ["token", "create", "--help"]);
  expect(await help.ended()).toBe(0);
  expect(help.stdout).toContain("--expires-in DURATION");
});
