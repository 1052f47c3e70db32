import { describe, test } from "vitest";
import { createChildProcesses } from "../../../src/process/fallback/processes.ts";
import { startTestWatchdog, toGet } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const MESSAGE =
  '{"status":201,"headers":{"X-A":"b","Set-Cookie":["c=1","d=2"],"Content-Type":"e/f"}}';

const variables = (mode: string, script: string) => ({
  mode,
  fprocess: `sh -c '${script}'`,
  fprocess_shell_words: "true",
  control_fd: "3",
});
const message = (text: string) => ({ environment: [`MESSAGE=${text}`] });

for (const mode of ["", "serializing", "streaming"]) {
  describe(`in ${mode || "classic"}, a line on descriptor 3`, () => {
    test("sets the answer's status and headers, in place of the mode's own", async ({ expect }) => {
      const script = 'echo "$MESSAGE" >&3; echo hello';
      const watchdog = await startTestWatchdog(variables(mode, script), message(MESSAGE));
      const answer = await watchdog.ask(toGet());
      expect([answer.status, answer.body]).toEqual([201, "hello\n"]);
      const named = (name: string) =>
        answer.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
      expect(named("x-a")).toEqual(["b"]);
      expect(named("set-cookie")).toEqual(["c=1", "d=2"]);
      expect(named("content-type")).toEqual(["e/f"]);
      expect(named("x-duration-seconds")).toHaveLength(mode === "streaming" ? 0 : 1);
      expect(answer.header("x-breeze-outcome")).toBeUndefined();
    });

    test("may say the status alone, or nothing, without a line end", async ({ expect }) => {
      for (const [text, status] of [
        ['{"status":404}', 404],
        ["{}", 200],
        ["", 200],
      ] as const) {
        const script = 'printf %s "$MESSAGE" >&3; echo hello';
        const watchdog = await startTestWatchdog(variables(mode, script), message(text));
        const answer = await watchdog.ask(toGet());
        expect([answer.status, answer.body]).toEqual([status, "hello\n"]);
      }
    });

    test("may come behind a line READY", async ({ expect }) => {
      const script = 'echo READY >&3; echo "$MESSAGE" >&3; echo hello';
      const watchdog = await startTestWatchdog(variables(mode, script), message('{"status":202}'));
      expect((await watchdog.ask(toGet())).status).toBe(202);
      const ready = await startTestWatchdog(variables(mode, "echo READY >&3; echo hello"));
      expect((await ready.ask(toGet())).status).toBe(200);
    });

    test("may be all that there is", async ({ expect }) => {
      const script = 'echo "$MESSAGE" >&3';
      const watchdog = await startTestWatchdog(variables(mode, script), message('{"status":202}'));
      const answer = await watchdog.ask(toGet());
      expect([answer.status, answer.body]).toEqual([202, ""]);
      for (const status of [204, 304]) {
        const none = await startTestWatchdog(
          variables(mode, script),
          message(`{"status":${status}}`),
        );
        const client = await none.connect();
        client.send(toGet("/", "Connection: close\r\n"));
        await client.closed();
        expect(client.received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
        expect(client.received).not.toMatch(/content-length|transfer-encoding/i);
        expect(client.received.endsWith("\r\n\r\n")).toBe(true);
      }
    });

    test("has bytes above 127 sent as they were written", async ({ expect }) => {
      const script = 'echo "$MESSAGE" >&3';
      const text = '{"headers":{"X-A":"\xc3\xa9 \\u4e2d"}}';
      const watchdog = await startTestWatchdog(variables(mode, script), message(text));
      expect((await watchdog.ask(toGet())).header("x-a")).toBe("\xc3\xa9 \xe4\xb8\xad");
    });

    test("is not heard where the program fails", async ({ expect }) => {
      const script = 'echo "$MESSAGE" >&3; exit 3';
      const watchdog = await startTestWatchdog(variables(mode, script), message(MESSAGE));
      const answer = await watchdog.ask(toGet());
      expect([answer.status, answer.header("x-a")]).toEqual([500, undefined]);
    });

    test("is heard without a spawner, too", async ({ expect }) => {
      const script = `echo '{"status":201}' >&3; echo hello`;
      for (let round = 0; round < 10; round++) {
        const processes = createChildProcesses({
          command: ["sh", "-c", script],
          baseEnvironment: [`PATH=${process.env.PATH}`],
          termGraceMs: 1_000,
          daemons: "kill",
        });
        const watchdog = await startTestWatchdog({ mode, control_fd: "3" }, { processes });
        const answer = await watchdog.ask(toGet());
        expect([answer.status, answer.body]).toEqual([201, "hello\n"]);
      }
    });
  });
}

test("of a stream the head is sent with its first byte, and what comes later is not heard", async ({
  expect,
}) => {
  const script =
    'echo "{\\"status\\":201}" >&3; echo one; read a; echo "{\\"status\\":500}" >&3; echo two';
  const watchdog = await startTestWatchdog(variables("streaming", script));
  const client = await watchdog.connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n");
  await until("the first line", () => client.received.includes("one\n"));
  client.send("go\n");
  const answer = await client.answer();
  expect([answer.status, answer.body]).toEqual([201, "one\ntwo\n"]);
});

test("a length that a stream says is its length, and a shorter one is cut off", async ({
  expect,
}) => {
  const say = 'echo "{\\"headers\\":{\\"Content-Length\\":\\"4\\"}}" >&3; ';
  const exact = await startTestWatchdog(variables("streaming", `${say}printf four`));
  const answer = await exact.ask(toGet());
  expect([answer.header("content-length"), answer.body]).toEqual(["4", "four"]);
  const short = await startTestWatchdog(variables("streaming", `${say}printf two`));
  const client = await short.connect();
  client.send(toGet());
  expect(await client.closed()).toBe("reset");
});

test("without control_fd there is no descriptor 3", async ({ expect }) => {
  const { control_fd, ...others } = variables("", "echo hello >&3 || echo none");
  expect(control_fd).toBe("3");
  const watchdog = await startTestWatchdog(others);
  expect((await watchdog.ask(toGet())).body).toContain("none\n");
});
