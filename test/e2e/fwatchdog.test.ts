import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, test } from "vitest";
import { askRaw, RawClient } from "../support/raw-http.ts";
import { Fwatchdog } from "../support/run-fwatchdog.ts";
import { toGet, toPost } from "../support/start-watchdog.ts";
import { until } from "../support/until.ts";

const SLOW = {
  fprocess: "sh -c 'touch $TMPDIR/started; sleep 1; cat'",
  fprocess_shell_words: "true",
};

describe("fwatchdog, run from source", () => {
  test("makes any program an HTTP function", async ({ expect }) => {
    const fwatchdog = new Fwatchdog({ fprocess: "wc -l" });
    const port = await fwatchdog.port();
    expect((await askRaw(port, toPost("one\ntwo\n"))).body.trim()).toBe("2");
    expect((await askRaw(port, toGet("/_/health"))).body).toBe("OK");
    expect(existsSync(join(fwatchdog.folder, ".lock"))).toBe(true);
  });

  test("gives the function the environment as bytes, and all of it", async ({ expect }) => {
    const fwatchdog = new Fwatchdog({ fprocess: "env", SECRET: "é \n" });
    const { body } = await askRaw(await fwatchdog.port(), toGet());
    expect(body).toContain("SECRET=\xc3\xa9 \n\n");
    expect(body).toContain("fprocess=env\n");
  });

  test("shows answers and headers on stdout where that is asked for", async ({ expect }) => {
    const fwatchdog = new Fwatchdog({
      fprocess: "cat",
      write_debug: "true",
      debug_headers: "true",
    });
    await askRaw(await fwatchdog.port(), toPost("hello", "X-A: 1\r\nX-A: 2\r\n"));
    await until("it is shown", () => fwatchdog.stdout.includes("[out] "));
    expect(fwatchdog.stdout).toContain("[in] X-A=[1 2]\n");
    expect(fwatchdog.stdout).toContain("hello[out] X-Duration-Seconds=[0.");
  });

  test("answers what is in flight on SIGTERM, serves newcomers until then, and exits with 0 (T42)", async ({
    expect,
  }) => {
    const fwatchdog = new Fwatchdog({ ...SLOW, healthcheck_interval: "500ms" });
    const port = await fwatchdog.port();
    const client = await RawClient.connect(port);
    client.send(toPost("in flight"));
    await until("it runs", () => existsSync(join(fwatchdog.folder, "started")));
    fwatchdog.signal("SIGTERM");
    await until("it is not healthy", async () => {
      const { status } = await askRaw(port, toGet("/_/health"));
      return status === 503;
    });
    const newcomer = askRaw(port, toPost("newcomer"));
    const answer = await client.answer();
    expect([answer.status, answer.body]).toEqual([200, "in flight"]);
    expect(answer.header("connection")).toBe("close");
    expect((await newcomer).body).toBe("newcomer");
    expect(await fwatchdog.ended()).toBe(0);
    expect(existsSync(join(fwatchdog.folder, ".lock"))).toBe(false);
  });

  test("leaves on Ctrl-C as soon as what is in flight has been answered", async ({ expect }) => {
    const never = { healthcheck_interval: "1h", shutdown_timeout: "2h" };
    const idle = new Fwatchdog({ fprocess: "cat", ...never });
    await idle.port();
    idle.signal("SIGINT");
    expect(await idle.ended()).toBe(0);
    const busy = new Fwatchdog({ ...SLOW, ...never });
    const client = await RawClient.connect(await busy.port());
    client.send(toPost("in flight"));
    await until("it runs", () => existsSync(join(busy.folder, "started")));
    busy.signal("SIGINT");
    expect((await client.answer()).body).toBe("in flight");
    expect(await busy.ended()).toBe(0);
  });

  test("hurries at a second signal", async ({ expect }) => {
    const fwatchdog = new Fwatchdog({ fprocess: "cat", healthcheck_interval: "60s" });
    await fwatchdog.port();
    fwatchdog.signal("SIGTERM");
    await until("it drains", () => fwatchdog.stderr.includes("not-ready"));
    fwatchdog.signal("SIGINT");
    expect(await fwatchdog.ended()).toBe(0);
  });

  test("ends what does not end by itself, and exits with 1", async ({ expect }) => {
    const fwatchdog = new Fwatchdog({
      fprocess: "sh -c 'touch $TMPDIR/started; sleep 60'",
      fprocess_shell_words: "true",
      healthcheck_interval: "0",
      shutdown_timeout: "500ms",
    });
    const client = await RawClient.connect(await fwatchdog.port());
    client.send(toGet());
    await until("it runs", () => existsSync(join(fwatchdog.folder, "started")));
    fwatchdog.signal("SIGTERM");
    expect((await client.answer()).status).toBe(500);
    expect(await fwatchdog.ended()).toBe(1);
  });
});

describe("a start that fails", () => {
  test("on the configuration exits with 78 and names each bad variable (G25)", async ({
    expect,
  }) => {
    const fwatchdog = new Fwatchdog({ port: "abc", exec_timeout: "soon" });
    expect(await fwatchdog.ended()).toBe(78);
    for (const name of ["fprocess", "port", "exec_timeout"]) {
      expect(fwatchdog.stderr).toContain(`${name}: `);
    }
  });

  test("on a busy port exits with 1, says so, and leaves no lock file (G25)", async ({
    expect,
  }) => {
    await using server = createServer().listen(0, "127.0.0.1");
    await until("it listens", () => server.listening);
    const { port } = server.address() as { port: number };
    const fwatchdog = new Fwatchdog({ fprocess: "cat", host: "127.0.0.1", port: String(port) });
    expect(await fwatchdog.ended()).toBe(1);
    expect(fwatchdog.stderr).toContain(`Cannot listen on port ${port}`);
    expect(existsSync(join(fwatchdog.folder, ".lock"))).toBe(false);
  });

  test("on a missing program exits with 1 and says so, unless strict_config=false", async ({
    expect,
  }) => {
    const strict = new Fwatchdog({ fprocess: "no-such-program" });
    expect(await strict.ended()).toBe(1);
    expect(strict.stderr).toContain('"no-such-program"');
    const lax = new Fwatchdog({ fprocess: "no-such-program", strict_config: "false" });
    expect((await askRaw(await lax.port(), toGet())).status).toBe(500);
  });

  test("on a lock file that cannot be written exits with 1 and says so (G8)", async ({
    expect,
  }) => {
    const fwatchdog = new Fwatchdog({ fprocess: "cat", TMPDIR: "/etc/passwd/no-folder" });
    expect(await fwatchdog.ended()).toBe(1);
    expect(fwatchdog.stderr).toContain("suppress_lock=true");
  });
});
