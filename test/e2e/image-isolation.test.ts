import { test } from "vitest";
import { startWatchdog } from "../support/docker/container.ts";
import { describeInEngine } from "../support/docker/describe-in-engine.ts";
import { imageOn } from "../support/docker/images.ts";

/** Run by the function: what it can see of a process of its own, and of the watchdog's two. */
const spy = `
sleep 60 >/dev/null 2>&1 &
cat /proc/$!/environ >/dev/null && readlink /proc/$!/fd/0 >/dev/null && echo "own process"
for process in /proc/[0-9]*; do
  read -r name < $process/comm
  case $name in fwatchdog|node*) ;; *) continue ;; esac
  echo "watchdog $name"
  cat $process/environ >/dev/null 2>&1 && echo "environment"
  readlink $process/fd/* >/dev/null 2>&1 && echo "descriptors"
  dd if=$process/mem bs=1 count=1 skip=1073741824 2>/dev/null | grep -q . && echo "memory"
  readlink $process/exe >/dev/null 2>&1 && echo "program"
  kill -USR1 \${process#/proc/} && echo "signalled"
done
`;

describeInEngine("what a function can reach of its watchdog", (docker) => {
  for (const user of ["0:0", "51234:51234"]) {
    test(`neither memory, environment nor descriptors, as user ${user}`, async ({ expect }) => {
      await using watchdog = await startWatchdog(docker, {
        image: imageOn("busybox"),
        environment: { fprocess: "sh" },
        options: ["--user", user],
      });
      const answer = await fetch(watchdog.url, { method: "POST", body: spy });
      const seen = (await answer.text()).trim().split("\n");
      const allowed = [
        "own process",
        "watchdog fwatchdog",
        "watchdog node-MainThread",
        "signalled",
      ];
      expect(seen).toContain("own process");
      expect(seen.filter((one) => !allowed.includes(one))).toEqual([]);
      expect(seen.filter((one) => one.startsWith("watchdog"))).toHaveLength(2);
      // SIGUSR1 would open Node's inspector.
      expect(await watchdog.logs()).not.toMatch(/debugger/i);
      expect((await fetch(`${watchdog.url}/_/health`)).status).toBe(200);
    });
  }
});
