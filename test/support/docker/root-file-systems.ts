import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createTemporaryFolder } from "../temporary-folder.ts";

const fakes = new URL("alpine/", import.meta.url);

/** One static program under the names of all its commands, and nothing else: no libc, no shell of its own. */
export function makeBusybox(folder: string): void {
  for (const name of ["bin", "sbin", "usr/bin", "usr/sbin", "etc", "root", "tmp", "proc", "dev"]) {
    mkdirSync(`${folder}/${name}`, { recursive: true });
  }
  chmodSync(`${folder}/tmp`, 0o1777);
  copyFileSync("/usr/bin/busybox", `${folder}/bin/busybox`);
  const commands = execFileSync("/usr/bin/busybox", ["--list"], { encoding: "utf8" });
  for (const name of commands.trim().split("\n")) {
    if (name !== "busybox") symlinkSync("busybox", `${folder}/bin/${name}`);
  }
  writeAccounts(folder, "root:x:0:0:root:/root:/bin/sh\n", "root:x:0:\n");
}

/** What an Alpine image has and a Dockerfile asks for: busybox, musl, and the two commands that Debian's busybox lacks. */
export function makeAlpine(folder: string): void {
  makeBusybox(folder);
  using musl = createTemporaryFolder();
  unpack(musl.path, ["musl"]);
  mkdirSync(`${folder}/lib`);
  const machine = process.arch === "x64" ? "x86_64" : "aarch64";
  copyFileSync(
    `${musl.path}/lib/${machine}-linux-musl/libc.so`,
    `${folder}/lib/ld-musl-${machine}.so.1`,
  );
  writeFileSync(`${folder}/etc/os-release`, 'ID=alpine\nNAME="a stand-in for Alpine"\n');
  for (const name of ["addgroup", "adduser"]) {
    rmSync(`${folder}/bin/${name}`, { force: true });
    copyFileSync(new URL(`${name}.sh`, fakes), `${folder}/sbin/${name}`);
    chmodSync(`${folder}/sbin/${name}`, 0o755);
  }
}

/** glibc, certificates' place and accounts; `cat` and `wc` are there as somebody's program, and no shell is. */
export function makeDistroless(folder: string): void {
  using packages = createTemporaryFolder();
  unpack(packages.path, ["libc6", "libgcc-s1", "coreutils"]);
  mkdirSync(`${folder}/usr/bin`, { recursive: true });
  for (const name of ["lib", "lib64"]) {
    const source = `${packages.path}/${name}`;
    // The loader's link is to be the package's own, not one to where the package was unpacked.
    const options = { recursive: true, verbatimSymlinks: true };
    if (existsSync(source)) cpSync(source, `${folder}/${name}`, options);
  }
  for (const name of ["bin/cat", "usr/bin/wc", "bin/sleep"]) {
    copyFileSync(`${packages.path}/${name}`, `${folder}/usr/bin/${name.split("/").at(-1)}`);
  }
  for (const name of ["etc", "tmp", "proc", "dev"]) mkdirSync(`${folder}/${name}`);
  chmodSync(`${folder}/tmp`, 0o1777);
  writeAccounts(folder, "nonroot:x:65532:65532::/:/sbin/nologin\n", "nonroot:x:65532:\n");
}

export const makeDebian = (_folder: string, archive: string): void => bootstrap(archive, []);

/** A Debian that has what the templates would install. */
export const makeLanguages = (_folder: string, archive: string): void =>
  bootstrap(archive, ["python3", "nodejs"]);

function bootstrap(archive: string, packages: readonly string[]): void {
  const sources = ["/etc/apt/sources.list", ...aptSourceFiles()].filter((path) => existsSync(path));
  execFileSync(
    "mmdebstrap",
    [
      "--quiet",
      "--mode=root",
      "--variant=essential",
      `--include=${["passwd", ...packages].join(",")}`,
      release(),
      archive,
      ...sources,
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
}

function aptSourceFiles(): string[] {
  const folder = "/etc/apt/sources.list.d";
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^debian.*\.(list|sources)$/.test(name))
    .map((name) => `${folder}/${name}`);
}

function release(): string {
  const command = '. /etc/os-release && echo "$VERSION_CODENAME"';
  return execFileSync("sh", ["-c", command], { encoding: "utf8" }).trim();
}

/** Unpacks packages of the distribution, without what they depend on. */
function unpack(folder: string, packages: readonly string[]): void {
  using downloads = createTemporaryFolder();
  const asRoot = ["-o", "APT::Sandbox::User=root"];
  execFileSync("apt-get", ["download", "-qq", ...asRoot, ...packages], {
    cwd: downloads.path,
    stdio: ["ignore", "ignore", "pipe"],
  });
  for (const name of readdirSync(downloads.path)) {
    execFileSync("dpkg", ["-x", `${downloads.path}/${name}`, folder]);
  }
}

function writeAccounts(folder: string, users: string, groups: string): void {
  writeFileSync(`${folder}/etc/passwd`, users);
  writeFileSync(`${folder}/etc/group`, groups);
}
