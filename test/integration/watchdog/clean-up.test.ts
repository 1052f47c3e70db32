import { readdirSync } from "node:fs";
import { test } from "vitest";
import { createMark, findMarked } from "../../support/marked-processes.ts";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const openDescriptors = () => readdirSync("/proc/self/fd").length;

test("descriptors return to what they were behind errors, aborts and large bodies (T24, T25)", {
  timeout: 60_000,
}, async ({ expect }) => {
  const mark = createMark();
  const watchdog = await startTestWatchdog(
    {
      fprocess:
        "sh -c 'case $Http_X_Do in exit) exit 3;; sleep) exec sleep 30;; *) exec cat;; esac'",
      fprocess_shell_words: "true",
      exec_timeout: "5s",
    },
    { environment: [mark] },
  );
  await watchdog.post("warm");
  const before = openDescriptors();
  const large = "x".repeat(1_500_000);
  for (let round = 0; round < 25; round++) {
    const leaver = await watchdog.connect();
    leaver.send(toPost("", "X-Do: sleep\r\n"));
    const cutter = await watchdog.connect();
    cutter.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
    cutter.send(large);
    const failed = await watchdog.post("", "X-Do: exit\r\n");
    const echoed = await watchdog.post(large);
    expect([failed.status, echoed.body.length]).toEqual([500, large.length]);
    leaver.reset();
    cutter.reset();
  }
  await until("all is over", () => watchdog.telemetry.inFlight === 0);
  await until("descriptors are as before", () => openDescriptors() <= before);
  await until("no process is left", () => findMarked(mark).length === 0);
});

test("a process gets descriptors 0, 1 and 2 and no others (T24)", async ({ expect }) => {
  const watchdog = await startTestWatchdog({ fprocess: "ls /proc/self/fd" });
  if (watchdog.processes.lacks.includes("closesDescriptors")) return;
  const { body } = await watchdog.ask(toGet());
  // The fourth is the folder that `ls` reads.
  expect(body).toBe("0\n1\n2\n3\n");
});

test("what a function leaves behind is ended with its answer (T18)", async () => {
  const mark = createMark();
  const watchdog = await startTestWatchdog(
    {
      fprocess: "sh -c 'setsid sleep 60 </dev/null >/dev/null 2>&1 & echo left'",
      fprocess_shell_words: "true",
    },
    { environment: [mark] },
  );
  if (watchdog.processes.lacks.includes("findsEscapees")) return;
  await watchdog.ask(toGet());
  await until("nothing is left", () => findMarked(mark).length === 0);
});
