import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { cacheFolder } from "../../../.build/cache.ts";
import { createTemporaryFolder } from "../temporary-folder.ts";
import type { Docker } from "./docker.ts";
import {
  makeAlpine,
  makeBusybox,
  makeDebian,
  makeDistroless,
  makeLanguages,
} from "./root-file-systems.ts";

const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Fills a folder, or writes the archive itself. */
const makers = {
  busybox: makeBusybox,
  alpine: makeAlpine,
  distroless: makeDistroless,
  debian: makeDebian,
  languages: makeLanguages,
};

export type BaseImage = keyof typeof makers;

const baseImages = Object.keys(makers) as BaseImage[];

export const tagOf = (name: BaseImage): string => `breeze-test/${name}`;

/** Images to start FROM, made of Debian's packages: no registry is asked. */
export async function importBaseImages(docker: Docker): Promise<void> {
  for (const name of baseImages) {
    await docker.run(["import", "--change", `ENV ${PATH}`, archiveOf(name), tagOf(name)]);
  }
}

function archiveOf(name: BaseImage): string {
  const archive = `${cacheFolder()}/image-${name}-${recipe()}.tar`;
  if (existsSync(archive)) return archive;
  using folder = createTemporaryFolder();
  const made = `${archive}.${process.pid}.tar`;
  makers[name](folder.path, made);
  if (!existsSync(made)) {
    const owner = ["--owner=0", "--group=0", "--numeric-owner"];
    execFileSync("tar", ["-C", folder.path, ...owner, "-cf", made, "."]);
  }
  renameSync(made, archive);
  return archive;
}

/** Another way to make them is another file in the cache. */
function recipe(): string {
  const source = readFileSync(new URL("root-file-systems.ts", import.meta.url));
  return createHash("sha256").update(source).digest("hex").slice(0, 12);
}
