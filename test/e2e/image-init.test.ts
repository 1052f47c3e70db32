import { describe, test } from "vitest";
import { type Container, startContainer, startWatchdog } from "../support/docker/container.ts";
import { describeInEngine } from "../support/docker/describe-in-engine.ts";
import type { Docker } from "../support/docker/docker.ts";
import { imageOn } from "../support/docker/images.ts";

const image = imageOn("busybox");

interface HostProcess {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly command: string;
}

/** The container's processes, with their pids on this machine. */
async function processesOf(docker: Docker, { id }: Container): Promise<HostProcess[]> {
  const table = await docker.run(["top", id, "-o", "pid,ppid,state,args"]);
  return table
    .split("\n")
    .slice(1)
    .map((row) => {
      const [pid, parent, state, ...command] = row.trim().split(/\s+/);
      return {
        pid: Number(pid),
        parent: Number(parent),
        state: state ?? "",
        command: command.join(" "),
      };
    });
}

/** Init and spawner in one, and its child that is Node. */
async function watchdogOf(docker: Docker, container: Container) {
  const processes = await processesOf(docker, container);
  const all = processes.filter(({ command }) => command.startsWith("fwatchdog"));
  const node = all.find(({ parent }) => all.some(({ pid }) => pid === parent));
  const spawner = all.find(({ pid }) => pid === node?.parent);
  if (node === undefined || spawner === undefined) throw new Error(JSON.stringify(processes));
  return { node: node.pid, spawner: spawner.pid };
}

describeInEngine("the watchdog as a container's init", (docker) => {
  for (const [how, options] of [
    ["as process 1", []],
    ["behind an init", ["--init"]],
  ] as const) {
    describe(how, () => {
      test("docker stop lets a request of two seconds finish, within its ten seconds", async ({
        expect,
      }) => {
        const environment = { fprocess: "sleep 2" };
        await using watchdog = await startWatchdog(docker, { image, environment, options });
        const answer = fetch(watchdog.url);
        await expect
          .poll(async () => (await processesOf(docker, watchdog)).map((one) => one.command))
          .toContain("sleep 2");
        const begun = performance.now();
        await docker.run(["stop", watchdog.id]);
        expect(performance.now() - begun).toBeLessThan(10_000);
        expect((await answer).status).toBe(200);
        expect(await watchdog.exitCode()).toBe(0);
      });

      test("the end of Node by a signal is the container's end, with its exit code", async ({
        expect,
      }) => {
        const environment = { fprocess: "cat" };
        await using watchdog = await startWatchdog(docker, { image, environment, options });
        process.kill((await watchdogOf(docker, watchdog)).node, "SIGKILL");
        expect(await watchdog.exitCode()).toBe(137);
      });

      test("the end of the spawner takes Node along, and the container ends", async ({
        expect,
      }) => {
        const environment = { fprocess: "cat" };
        await using watchdog = await startWatchdog(docker, { image, environment, options });
        process.kill((await watchdogOf(docker, watchdog)).spawner, "SIGKILL");
        expect(await watchdog.exitCode()).toBe(137);
      });

      test("processes that a function left behind are reaped", async ({ expect }) => {
        const environment = { fprocess: "sh" };
        await using watchdog = await startWatchdog(docker, { image, environment, options });
        const body = "sleep 0.2 & setsid sleep 0.2 & echo left";
        const answer = await fetch(watchdog.url, { method: "POST", body });
        expect(await answer.text()).toBe("left\n");
        const commands = async () =>
          (await processesOf(docker, watchdog)).map((one) => `${one.state} ${one.command}`);
        await expect
          .poll(async () => (await commands()).filter((one) => /^Z|sleep/.test(one)))
          .toEqual([]);
      });
    });
  }

  test("it is process 1 itself", async ({ expect }) => {
    const environment = { fprocess: "cat /proc/1/comm" };
    await using watchdog = await startWatchdog(docker, { image, environment });
    expect(await (await fetch(watchdog.url)).text()).toBe("fwatchdog\n");
  });

  test("a signal before it listens is not lost", async ({ expect }) => {
    await using watchdog = await startContainer(docker, {
      image,
      environment: { fprocess: "cat" },
    });
    await docker.run(["kill", "--signal", "TERM", watchdog.id]);
    expect(await watchdog.exitCode()).toBe(0);
  });

  test("a bad variable ends it with 78, and the log names the variable", async ({ expect }) => {
    const environment = { fprocess: "cat", exec_timeout: "soon" };
    await using watchdog = await startContainer(docker, { image, environment });
    expect(await watchdog.exitCode()).toBe(78);
    expect(await watchdog.logs()).toContain("exec_timeout");
  });
});
