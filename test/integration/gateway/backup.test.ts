import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { createDataFolder, findProcessesIn, RunningGateway } from "../../support/run-gateway.ts";
import { until } from "../../support/until.ts";
import { find, whenCompleted } from "./async/queued.ts";

const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body,
  headers,
});

/** A command of the gateway's, and what it said. */
async function command(folder: string, ...commandLine: string[]): Promise<string> {
  const program = new RunningGateway(folder, {}, commandLine);
  return `${await program.ended()}: ${program.stdout}${program.stderr}`;
}

async function names(gateway: RunningGateway): Promise<string[]> {
  const listed = (await (await gateway.ask("/system/functions")).json()) as { name: string }[];
  return listed.map(({ name }) => name).toSorted();
}

const newBackup = () => join(createDataFolder(), "backup");

describe("a backup", () => {
  test("T43: of a gateway under load has all that was accepted before, and is another one's start", async ({
    expect,
  }) => {
    const [folder, elsewhere, backup] = [createDataFolder(), createDataFolder(), newBackup()];
    const first = await RunningGateway.start(folder);
    await first.deploy("cat", "cat");
    await first.tell("POST", "/system/secrets", { name: "key", value: "secret" });
    let isOver = false;
    const accepted: string[] = [];
    const load = Array.from({ length: 8 }, async (_, worker) => {
      for (let next = 0; !isOver; next++) {
        const id = `call-${worker}-${next}`;
        const answer = await first.ask("/async-function/cat", post(id, { "X-Call-Id": id }));
        if (answer.status === 202) accepted.push(id);
      }
    });
    await until("there is some load", () => accepted.length > 200);
    const before = [...accepted];
    expect(await command(folder, "backup", backup)).toMatch(/^0: .*queue\.sqlite/);
    isOver = true;
    await Promise.all(load);
    const [replica] = findProcessesIn(folder).filter((pid) => pid !== first.process.pid);
    expect(await command(elsewhere, "restore", backup)).toMatch(/^0: /);
    const second = await RunningGateway.start(elsewhere);
    expect(await names(second)).toEqual(["cat"]);
    expect(await (await second.ask("/system/secrets")).json()).toMatchObject([{ name: "key" }]);
    await whenCompleted(second, before, 45_000);
    for (const id of before.slice(-20)) {
      expect((await find(second, id)).answer?.body).toBe(id);
    }
    second.process.kill("SIGTERM");
    expect(await second.ended()).toBe(0);
    // What runs is the first one's, whoever has its backup.
    expect(findProcessesIn(folder)).toContain(replica);
    expect(await (await first.ask("/function/cat", post("still there"))).text()).toBe(
      "still there",
    );
  });

  test("T34: is for its owner alone, and has the password and the tokens", async ({ expect }) => {
    const [folder, backup] = [createDataFolder(), newBackup()];
    await RunningGateway.start(folder, { basic_auth: "true" });
    await command(folder, "token", "create", "ci", "--scope", "read");
    expect(await command(folder, "backup", backup)).toMatch(/^0: /);
    expect(statSync(backup).mode & 0o777).toBe(0o700);
    const files = readdirSync(backup, { recursive: true, withFileTypes: true });
    const modes = files.map((file) => [
      file.name,
      (statSync(join(file.parentPath, file.name)).mode & 0o777).toString(8),
    ]);
    expect(Object.fromEntries(modes)).toEqual({
      "backup.json": "600",
      "basic-auth-password": "600",
      "queue.sqlite": "600",
      "tokens.json": "600",
      local: "700",
      "state.sqlite": "600",
    });
    const [own, kept] = [folder, backup].map((path) =>
      readFileSync(join(path, "basic-auth-password"), "utf8"),
    );
    expect(kept).toBe(own);
  });

  test("is not written over another one, and not made of a folder without a gateway's data", async ({
    expect,
  }) => {
    const [folder, backup] = [createDataFolder(), newBackup()];
    expect(await command(folder, "backup", backup)).toMatch(/^1: .*nothing that a gateway keeps/);
    expect(readdirSync(join(backup, ".."))).toEqual([]);
    await command(folder, "token", "create", "ci", "--scope", "read");
    expect(await command(folder, "backup", backup)).toMatch(/^0: /);
    expect(await command(folder, "backup", backup)).toMatch(/^1: .*is there already/);
  });
});

describe("a restore", () => {
  test("while the gateway runs counts from its next start on, and keeps what was there", async ({
    expect,
  }) => {
    const [folder, backup] = [createDataFolder(), newBackup()];
    const first = await RunningGateway.start(folder);
    await first.deploy("early", "cat");
    await command(folder, "backup", backup);
    await first.deploy("late", "cat");
    expect(await command(folder, "restore", backup)).toMatch(/^0: .*at its next start/);
    expect(await names(first)).toEqual(["early", "late"]);
    first.process.kill("SIGTERM");
    expect(await first.ended()).toBe(0);
    const second = await RunningGateway.start(folder);
    expect(second.stderr).toContain("a backup was restored");
    expect(await names(second)).toEqual(["early"]);
    expect(await (await second.ask("/function/early", post("a"))).text()).toBe("a");
    const [replaced = ""] = readdirSync(folder).filter((name) => name.startsWith("replaced-"));
    expect(readdirSync(join(folder, replaced)).toSorted()).toEqual(["local", "queue.sqlite"]);
    second.process.kill("SIGTERM");
    expect(await second.ended()).toBe(0);
    const third = await RunningGateway.start(folder);
    expect(third.stderr).not.toContain("a backup was restored");
    expect(await names(third)).toEqual(["early"]);
  });

  test("after kill -9 leaves none of its functions running that nobody knows", async ({
    expect,
  }) => {
    const [folder, backup] = [createDataFolder(), newBackup()];
    const first = await RunningGateway.start(folder);
    await first.deploy("early", "cat");
    await command(folder, "backup", backup);
    await first.deploy("late", "cat");
    for (const name of ["early", "late"]) {
      await (await first.ask(`/function/${name}`, post("a"))).text();
    }
    first.process.kill("SIGKILL");
    await first.ended();
    expect(findProcessesIn(folder).length).toBeGreaterThanOrEqual(2);
    expect(await command(folder, "restore", backup)).toMatch(/^0: .*is as it was/);
    const second = await RunningGateway.start(folder);
    expect(await names(second)).toEqual(["early"]);
    second.process.kill("SIGTERM");
    expect(await second.ended()).toBe(0);
    await until("nobody is left", () => findProcessesIn(folder).length === 0);
  });

  test("of what is damaged, not whole, newer or no backup changes nothing", async ({ expect }) => {
    const [folder, backup] = [createDataFolder(), newBackup()];
    await command(folder, "token", "create", "ci", "--scope", "read");
    await command(folder, "backup", backup);
    const before = readFileSync(join(folder, "tokens.json"), "utf8");
    const manifest = readFileSync(join(backup, "backup.json"), "utf8");
    const restore = () => command(folder, "restore", backup);
    appendFileSync(join(backup, "tokens.json"), " ");
    expect(await restore()).toMatch(/^1: .*damaged: tokens\.json/);
    writeFileSync(join(backup, "backup.json"), manifest.replace('"format": 1', '"format": 2'));
    expect(await restore()).toMatch(/^1: .*newer version/);
    expect(await command(folder, "restore", join(backup, ".."))).toMatch(/^1: .*is no backup/);
    expect(await command(folder, "restore")).toMatch(/^2: FOLDER is missing/);
    expect(readFileSync(join(folder, "tokens.json"), "utf8")).toBe(before);
    expect(existsSync(join(folder, "restore"))).toBe(false);
  });
});
