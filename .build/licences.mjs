// The text that `fwatchdog --licenses` prints: everything that is in the package, and on which terms.
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readGccVersion, readGlibcVersion } from "./libraries.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const texts = fileURLToPath(new URL("licences/", import.meta.url));
const RULE = `\n${"=".repeat(80)}\n`;

/** `folder` holds the libraries, `nodePackage` is npm's package with the node binary, `bundle` the bundled watchdog. */
export function composeLicences({ machine, folder, nodePackage, bundle }) {
  const modules = bundledModules(bundle);
  return [
    overview(machine, folder, modules),
    section("Breeze", read(`${root}LICENSE`)),
    section("Node.js, and what is in it", read(`${nodePackage}/LICENSE`)),
    ...modules.map((name) => section(name, moduleLicence(name))),
    section("GNU C Library: notices", read(`${texts}glibc.txt`)),
    section("GNU Lesser General Public License 2.1", read(`${texts}LGPL-2.1.txt`)),
    section("GCC Runtime Library Exception 3.1", read(`${texts}GCC-exception-3.1.txt`)),
    section("GNU General Public License 3", read(`${texts}GPL-3.txt`)),
  ].join("\n");
}

function overview(machine, folder, modules) {
  return `This file holds:

  Breeze                      MIT
  Node.js ${process.versions.node.padEnd(19)} MIT, and the licences of what is in it
${modules.map((name) => `  ${name.padEnd(27)} ${moduleManifest(name).license}`).join("\n")}
  libc, libm, libdl, libpthread, and their loader: the GNU C Library
                              LGPL 2.1 or later; ${readGlibcVersion(folder)}
  libstdc++, libgcc_s, libatomic: runtime libraries of the GNU Compiler Collection
                              GPL 3 or later with the GCC Runtime Library Exception 3.1;
                              of the compiler "${readGccVersion(machine)}"

The libraries are the unchanged shared libraries of the distribution named above, without their
symbol tables; their source is that distribution's source package of this version. They are linked
dynamically: in the folder form of this program each is a file that can be replaced by another.
The texts of all these licences follow.
`;
}

function section(title, text) {
  return `${RULE}${title}${RULE}\n${text.trim()}\n`;
}

/** The packages that the bundler took in, as it notes them itself. */
function bundledModules(bundle) {
  const regions = read(bundle).matchAll(
    /^\/\/#region .*node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm,
  );
  const modules = [...new Set([...regions].map(([, name]) => name))].sort();
  if (!modules.includes("pino")) throw new Error("the bundle does not say what is in it");
  return modules;
}

function moduleManifest(name) {
  return JSON.parse(read(`${root}node_modules/${name}/package.json`));
}

function moduleLicence(name) {
  const [file] = globSync(`${root}node_modules/${name}/{LICENSE,LICENCE,license,License}*`);
  if (file === undefined) throw new Error(`${name} is bundled and has no licence text`);
  return read(file);
}

function read(path) {
  return readFileSync(path, "utf8");
}
