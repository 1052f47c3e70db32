import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { RawClient } from "../../support/raw-http.ts";
import { Fwatchdog } from "../../support/run-fwatchdog.ts";
import { startSite, writeOld } from "../../support/site.ts";
import { toGet } from "../../support/start-watchdog.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

const MEBIBYTE = 1024 * 1024;
/** More than sockets hold for a client that does not read. */
const LARGE = 24 * MEBIBYTE;

/** A large file that a client has begun to be sent. */
async function startSending() {
  const started = await startSite({ "large.bin": "" });
  const path = join(started.site, "large.bin");
  truncateSync(path, LARGE);
  const client = await started.connect();
  client.socket.pause();
  client.send(toGet("/large.bin"));
  client.socket.once("data", () => client.socket.pause());
  client.socket.resume();
  await until("it has begun", () => client.received.includes(`Content-Length: ${LARGE}\r\n`));
  return { ...started, path, client };
}

function bodyLength(client: RawClient): number {
  return client.received.length - client.received.indexOf("\r\n\r\n") - 4;
}

/** Which descriptors of this process lead into a folder. */
function opened(folder: string): readonly string[] {
  return readdirSync("/proc/self/fd").flatMap((descriptor) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${descriptor}`);
      return target.startsWith(folder) ? [target] : [];
    } catch {
      return [];
    }
  });
}

describe("a large file", () => {
  test("that becomes shorter while it is sent is cut off, never ended as if it were whole", async ({
    expect,
  }) => {
    const { client, path, telemetry } = await startSending();
    truncateSync(path, MEBIBYTE);
    client.socket.resume();
    expect(await client.closed()).toBe("reset");
    expect(bodyLength(client)).toBeLessThan(LARGE);
    await until("its record", () => telemetry.invocations.length === 1);
    expect(telemetry.invocations[0]).toMatchObject({ status: 200, outcome: "aborted" });
  });

  test("that is written over while it is sent is cut off: nobody gets halves of two", async ({
    expect,
  }) => {
    const { client, path } = await startSending();
    const descriptor = openSync(path, "r+");
    writeSync(descriptor, "other", LARGE - 5);
    closeSync(descriptor);
    client.socket.resume();
    expect(await client.closed()).toBe("reset");
    expect(bodyLength(client)).toBeLessThan(LARGE);
  });

  test("that grows while it is sent has the length that was promised", async ({ expect }) => {
    const { client, path } = await startSending();
    appendFileSync(path, "more");
    client.socket.resume();
    await until("all of it", () => bodyLength(client) >= LARGE, 30_000);
    client.send(toGet("/none"));
    await until("the next answer", () => client.received.endsWith("404 page not found\n"));
    expect(client.ending).toBeUndefined();
  });

  test("that is replaced or removed while it is sent is sent as it was", async ({ expect }) => {
    const { client, site } = await startSending();
    writeFileSync(join(site, "next"), "new");
    renameSync(join(site, "next"), join(site, "large.bin"));
    client.socket.resume();
    await until("all of it", () => bodyLength(client) === LARGE, 30_000);
    expect(client.received.endsWith("\0\0\0")).toBe(true);
  });

  test.skipIf(process.platform !== "linux")(
    "is closed when its client leaves, has all of it, or takes nothing for too long",
    async ({ expect }) => {
      const leaving = await startSending();
      expect(opened(leaving.site)).toHaveLength(1);
      leaving.client.reset();
      await until("it is closed", () => opened(leaving.site).length === 0);
      const whole = await startSending();
      whole.client.socket.resume();
      await until("it is closed", () => opened(whole.site).length === 0, 30_000);
      const { site, connect, telemetry } = await startSite(
        { "large.bin": "" },
        { write_timeout: "300ms" },
      );
      truncateSync(join(site, "large.bin"), LARGE);
      const stuck = await connect();
      stuck.socket.pause();
      stuck.send(toGet("/large.bin"));
      await until("it is given up", () => telemetry.invocations.length === 1);
      await until("it is closed", () => opened(site).length === 0);
    },
  );
});

test("files that change while they are asked for are never sent with a wrong length", async ({
  expect,
}) => {
  const { port, site } = await startSite({ "a.txt": "" });
  const contents = ["", "x".repeat(1000), "y".repeat(70_000)];
  const client = await RawClient.connect(port);
  for (let round = 0; round < 150; round++) {
    writeOld(site, "a.txt", contents[round % contents.length] as string);
    client.send(toGet("/a.txt"));
    const { status, body } = await client.answer();
    expect([status, body]).toEqual([200, contents[round % contents.length]]);
  }
});

const residentBytes = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) * 1024;

test.skipIf(process.platform !== "linux")(
  "a gigabyte for each of twenty clients that do not read takes no memory",
  async ({ expect }) => {
    using folder = createTemporaryFolder();
    writeFileSync(join(folder.path, "huge.bin"), "");
    truncateSync(join(folder.path, "huge.bin"), 1024 * MEBIBYTE);
    const program = new Fwatchdog({ mode: "static", static_path: folder.path, host: "127.0.0.1" });
    const port = await program.port();
    const pid = program.process.pid as number;
    await RawClient.connect(port);
    const before = residentBytes(pid);
    for (let index = 0; index < 20; index++) {
      const client = await RawClient.connect(port);
      client.send(toGet("/huge.bin"));
      await until("it has begun", () => client.received.length > MEBIBYTE);
      client.socket.pause();
    }
    expect(residentBytes(pid) - before).toBeLessThan(64 * MEBIBYTE);
  },
);
