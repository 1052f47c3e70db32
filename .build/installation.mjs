// Runs before everything else in the scripts of package.json: what npm installed must be whole, or one line says what to type instead.
// It runs on whatever Node npm runs on, so it keeps to what an old one understands.
import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

const WAY_OUT = "type instead: npx -y -p node@26 npm ci";
const modules = fileURLToPath(new URL("../node_modules", import.meta.url));

const fault = installationFault();
if (fault !== undefined) {
  console.error(`breeze: ${fault}`);
  process.exit(1);
}
linkNode();

function installationFault() {
  if (!existsSync(modules)) return "nothing is installed yet: npm ci";
  if (lacksNativeParts()) {
    return `npm ran on a Node too old to install everything (20.19 is the oldest that does); ${WAY_OUT}`;
  }
  if (nodePackage() === undefined && Number.parseInt(process.versions.node, 10) < 26) {
    return `Node 26 is needed, and this is ${process.versions.node}; ${WAY_OUT}`;
  }
  return undefined;
}

/** An npm on a Node that the build tools exclude leaves out, silently, the optional packages with their native parts. */
function lacksNativeParts() {
  if (!existsSync(`${modules}/rolldown`)) return false; // installed without the development tools
  return !readdirSync(`${modules}/@rolldown`).some((name) => name.startsWith("binding-"));
}

/** Before npm 11 a package that is not for this platform takes the name `node` and leaves it unlinked: the link is made here. */
function linkNode() {
  const node = nodePackage();
  const link = `${modules}/.bin/node`;
  if (node !== undefined && !existsSync(link)) symlinkSync(`../${node}/bin/node`, link);
}

function nodePackage() {
  const { platform, arch } = process;
  return [`node-${platform}-${arch}`, `node-bin-${platform}-${arch}`].find((name) =>
    existsSync(`${modules}/${name}/bin/node`),
  );
}
