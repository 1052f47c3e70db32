import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { findFreePort } from "../../bench/server/free-port.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import type { Surroundings } from "./case.ts";

const upstream = fileURLToPath(
  new URL("../fixtures/shows-its-request-in-http.ts", import.meta.url),
);

/** A program that serves HTTP itself. */
export async function besideUpstream(): Promise<Surroundings> {
  const port = await findFreePort();
  const variables = {
    fprocess: `${process.execPath} ${upstream} ${port}`,
    upstream_url: `http://127.0.0.1:${port}`,
  };
  return { variables, [Symbol.dispose]() {} };
}

const files: Readonly<Record<string, string>> = {
  "index.html": "<h1>home</h1>",
  "page.html": "<p>page",
  "text.txt": "0123456789",
  plain: "just text",
  "folder/file.txt": "in a folder",
  ".hidden": "hidden",
  ".well-known/a.txt": "well known",
};

/** Files, and one link that leads out. */
export async function besideFiles(): Promise<Surroundings> {
  const folder = createTemporaryFolder();
  const site = `${folder.path}/site`;
  const written = new Date("2020-02-02T03:04:05Z");
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(`${site}/${name}`), { recursive: true });
    writeFileSync(`${site}/${name}`, content);
    utimesSync(`${site}/${name}`, written, written);
  }
  symlinkSync("/etc/hostname", `${site}/outside`);
  return { variables: { static_path: site }, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}
