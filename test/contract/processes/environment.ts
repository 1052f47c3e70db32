import { describe, test } from "vitest";
import { startRecorded } from "../../support/recorded-run.ts";
import { DEFAULT_OPTIONS, type Subject, shell } from "./subject.ts";

const PATH = DEFAULT_OPTIONS.baseEnvironment[0] as string;

/** What a process is born with: variables, arguments, descriptors, signals, a session. */
export function describeEnvironment({ create, lacks }: Subject): void {
  describe("what a process is born with", () => {
    test("the request's variables win over the base environment's, once each", async ({
      expect,
    }) => {
      const baseEnvironment = [PATH, "FIRST=base", "SHARED=base", "EMPTY="];
      await using processes = await create({ command: ["env"], baseEnvironment });
      const recorded = startRecorded(processes, { environment: "SHARED=request\0OWN=a=b\0" });
      await recorded.gone();
      const lines = recorded.output.trimEnd().split("\n");
      expect(lines.filter((line) => !line.startsWith("BREEZE_SESSION=")).sort()).toEqual(
        [PATH, "EMPTY=", "FIRST=base", "OWN=a=b", "SHARED=request"].sort(),
      );
    });

    test("a run knows nothing of the variables of the run before it", async ({ expect }) => {
      await using processes = await create({ command: ["env"] });
      await startRecorded(processes, { environment: "SECRET=1\0" }).gone();
      const second = startRecorded(processes);
      await second.gone();
      expect(second.output).not.toContain("SECRET");
    });

    test("text in arguments and variables arrives as the same bytes", async ({ expect }) => {
      const text = Buffer.from("grüße, 世界").toString("latin1");
      const command = [...shell('printf "%s|%s" "$1" "$TEXT"'), "sh", text];
      await using processes = await create({ command });
      const recorded = startRecorded(processes, { environment: `TEXT=${text}\0` });
      await recorded.gone();
      expect(recorded.output).toBe(`${text}|${text}`);
    });

    test.skipIf(lacks.includes("environmentBytes"))(
      "bytes that are no UTF-8 arrive as they are, in arguments, base and request",
      async ({ expect }) => {
        const bytes = "\xff\xfe\x80\x01 \n\xc3";
        const command = [...shell('printf "%s|%s|%s" "$1" "$BASE" "$REQUEST"'), "sh", bytes];
        const baseEnvironment = [PATH, `BASE=${bytes}`];
        await using processes = await create({ command, baseEnvironment });
        const recorded = startRecorded(processes, { environment: `REQUEST=${bytes}\0` });
        await recorded.gone();
        expect(recorded.output).toBe(`${bytes}|${bytes}|${bytes}`);
      },
    );

    test("a program is found through the PATH of the base environment", async ({ expect }) => {
      await using processes = await create({
        command: ["sh", "-c", "echo found"],
        baseEnvironment: ["PATH=/no/such/folder:/usr/bin:/bin"],
      });
      const recorded = startRecorded(processes);
      await recorded.gone();
      expect(recorded.output).toBe("found\n");
    });

    for (const streamed of [false, true]) {
      test.skipIf(lacks.includes("closesDescriptors"))(
        `descriptors 0 to 2 and nothing else are open (${streamed ? "streamed" : "whole"} input)`,
        async ({ expect }) => {
          // The highest is the folder that ls reads.
          await using processes = await create({ command: ["ls", "/proc/self/fd"] });
          const body = streamed ? undefined : new Uint8Array();
          const others = [1, 2, 3].map(() => startRecorded(processes, { body: undefined }));
          const recorded = startRecorded(processes, { body });
          recorded.run.endInput();
          await recorded.gone();
          expect(recorded.output).toBe("0\n1\n2\n3\n");
          for (const other of others) {
            other.run.endInput();
            await other.gone();
          }
        },
      );
    }

    test("no signal is blocked or ignored", async ({ expect }) => {
      await using processes = await create({ command: ["grep", "^Sig[BI]", "/proc/self/status"] });
      const recorded = startRecorded(processes);
      await recorded.gone();
      expect(recorded.output).toMatch(/^SigBlk:\t0{16}\nSigIgn:\t0{16}\n$/);
    });

    test("it leads a session of its own", async ({ expect }) => {
      await using processes = await create({
        command: shell("set -- $(cat /proc/$$/stat); echo $1 $5 $6"),
      });
      const recorded = startRecorded(processes);
      const { pid } = await recorded.gone();
      expect(recorded.output).toBe(`${pid} ${pid} ${pid}\n`);
    });

    test.skipIf(lacks.includes("resourceLimits"))(
      "resource limits hold before the program runs, hard and soft",
      async ({ expect }) => {
        const RLIMIT_NOFILE = 7;
        await using processes = await create({ command: shell("ulimit -Sn; ulimit -Hn") });
        const limits = [{ resource: RLIMIT_NOFILE, soft: 33n, hard: 44n }];
        const recorded = startRecorded(processes, { limits });
        await recorded.gone();
        expect(recorded.output).toBe("33\n44\n");
      },
    );
  });
}
