import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { describe, test } from "vitest";
import { project, singleFile } from "../support/package.ts";
import { Fwatchdog } from "../support/run-fwatchdog.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

type Command = readonly [string, ...string[]];
type Variables = Readonly<Record<string, string>>;

const source: Command = [process.execPath, `${project}bin/fwatchdog.ts`];
const packaged: Command = [singleFile(process.arch)];
const isMissing = !existsSync(packaged[0]) && !process.env.CI;

const programs = [
  { name: "from source", command: source, skipped: false },
  {
    name: `in the single file${isMissing ? " (not built)" : ""}`,
    command: packaged,
    skipped: isMissing,
  },
];

/** Nobody listens on port 1, and without `fprocess` a watchdog that is to serve ends with 78. */
function run(command: Command, commandLine: readonly string[], variables: Variables) {
  const [program, ...first] = command;
  const env = { PATH: process.env.PATH, TZ: "UTC", port: "1", ...variables };
  return spawnSync(program, [...first, ...commandLine], { env, encoding: "utf8" });
}

const { version } = JSON.parse(readFileSync(`${project}package.json`, "utf8"));
const versionLine = new RegExp(
  `^[\\d/]{10} [\\d:]{8} Version: ${version.replaceAll(".", "\\.")}\tSHA: ([\\da-f]{40,64}|unknown)\n$`,
);
const nothing = /^$/;

interface Answer {
  readonly status: number;
  readonly stdout: RegExp;
  readonly stderr: RegExp;
}

const toldVersion: Answer = { status: 0, stdout: nothing, stderr: versionLine };
const toldHelp: Answer = { status: 0, stdout: /fprocess/, stderr: nothing };
const toldLicences: Answer = { status: 0, stdout: /Permission is hereby granted/, stderr: nothing };
const healthy: Answer = { status: 0, stdout: nothing, stderr: nothing };
const served: Answer = { status: 78, stdout: nothing, stderr: /fprocess: is not set/ };
const refused: Answer = { status: 2, stdout: nothing, stderr: /^flag provided but not defined: -/ };

/** A lock file is there. */
const table: readonly [string, Answer][] = [
  ["--version", toldVersion],
  ["-version", toldVersion],
  ["--version=true", toldVersion],
  ["-version=1", toldVersion],
  ["--version=T --no-such-flag", toldVersion],
  ["--version=false -version=True", toldVersion],
  ["--run-healthcheck", healthy],
  ["-run-healthcheck", healthy],
  ["--run-healthcheck=true", healthy],
  ["-run-healthcheck=t", healthy],
  ["--version=0 --run-healthcheck=TRUE", healthy],
  ["--licenses", toldLicences],
  ["-licenses=true", toldLicences],
  ["-h", toldHelp],
  ["--help", toldHelp],
  ["-help=anything", toldHelp],
  ["--version=false", served],
  ["-run-healthcheck=F", served],
  ["cat --version", served],
  ["-- --version", served],
  ["- --version", served],
  ["--no-such-flag", refused],
  ["--port=80", refused],
  ["--version=yes", refused],
  ["--version=", refused],
  ["---version", refused],
  ["-versions", refused],
];

const toAnswer = ({ status, stdout, stderr }: SpawnSyncReturns<string>) => ({
  status,
  stdout,
  stderr,
});

for (const { name, command, skipped } of programs) {
  describe.skipIf(skipped)(`the command line, ${name},`, () => {
    for (const [commandLine, { status, stdout, stderr }] of table) {
      test(`${commandLine} is read as Go's flags are`, ({ expect }) => {
        using folder = createTemporaryFolder();
        writeFileSync(join(folder.path, ".lock"), "");
        const result = run(command, commandLine.split(" "), { TMPDIR: folder.path });
        expect(toAnswer(result)).toEqual({
          status,
          stdout: expect.stringMatching(stdout),
          stderr: expect.stringMatching(stderr),
        });
      });
    }

    test("--version says today's date", ({ expect }) => {
      const today = () => new Date().toISOString().slice(0, 10).replaceAll("-", "/");
      const before = today();
      const { stderr } = run(command, ["--version"], {});
      expect([before, today()]).toContain(stderr.slice(0, 10));
    });

    test("--run-healthcheck asks the lock file, and the port where there is none", async ({
      expect,
    }) => {
      const check = (variables: Variables) => run(command, ["--run-healthcheck"], variables);
      const fwatchdog = new Fwatchdog({ fprocess: "cat" });
      const port = String(await fwatchdog.port());
      using empty = createTemporaryFolder();
      expect(check({ TMPDIR: fwatchdog.folder }).status).toBe(0);
      expect(check({ TMPDIR: empty.path, port }).status).toBe(0);
      for (const TMPDIR of [empty.path, join(empty.path, "none"), "/etc/passwd"]) {
        const { status, stderr } = check({ TMPDIR });
        expect([TMPDIR, status, stderr]).toEqual([TMPDIR, 1, "unable to find lock file.\n"]);
      }
      rmSync(join(fwatchdog.folder, ".lock"));
      expect(check({ TMPDIR: empty.path, port }).status).toBe(1);
    });

    test("--run-healthcheck asks at host, where that is an address of its own", async ({
      expect,
    }) => {
      const fwatchdog = new Fwatchdog({ fprocess: "cat", host: "127.0.0.2" });
      const port = String(await fwatchdog.port());
      using empty = createTemporaryFolder();
      const check = (host: string) =>
        run(command, ["--run-healthcheck"], { TMPDIR: empty.path, port, host }).status;
      const hosts = ["127.0.0.2", "127.0.0.1", "", "0.0.0.0", "127.0.0.256", "127.0.0.2.1"];
      expect(hosts.map(check)).toEqual([0, 1, 1, 1, 1, 1]);
    });

    test("--run-healthcheck asks at PORT, but not in mode http, where the program is", async ({
      expect,
    }) => {
      const fwatchdog = new Fwatchdog({ fprocess: "cat" });
      using empty = createTemporaryFolder();
      const check = (variables: Variables) =>
        run(command, ["--run-healthcheck"], { TMPDIR: empty.path, port: "", ...variables });
      expect(check({ PORT: String(await fwatchdog.port()) }).status).toBe(0);
      let asked = 0;
      await using program = createServer((socket) => {
        asked++;
        socket.destroy();
      });
      await once(program.listen(0), "listening");
      const { port } = program.address() as AddressInfo;
      check({ PORT: String(port), mode: "http" });
      // Whoever came before is counted before.
      await once(connect(port), "close");
      expect(asked).toBe(1);
    });
  });
}

describe.skipIf(isMissing)("the single file", () => {
  test("answers in any spelling without Node what needs none", ({ expect }) => {
    using folder = createTemporaryFolder();
    writeFileSync(join(folder.path, ".lock"), "");
    // Far too little for Node.
    const command = ["prlimit", `--as=${16 << 20}`, ...packaged] as const;
    for (const flag of ["version", "run-healthcheck", "licenses"]) {
      for (const argument of [`--${flag}`, `-${flag}=true`, `--${flag}=1`]) {
        const { status } = run(command, [argument], { TMPDIR: folder.path });
        expect([argument, status]).toEqual([argument, 0]);
      }
    }
    expect(run(command, ["--help"], {}).status).not.toBe(0);
  });
});
