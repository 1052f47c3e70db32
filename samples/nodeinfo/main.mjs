// Says what it runs on; with "verbose" in the body, also of its processors and networks.

import { arch, cpus, hostname, networkInterfaces, platform, uptime } from "node:os";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";

const asked = await text(process.stdin);
console.log(`Hostname: ${hostname()}

Platform: ${platform()}
Arch: ${arch()}
CPU count: ${cpus().length}
Uptime: ${uptime()}`);
if (asked.includes("verbose")) {
  for (const part of [cpus(), networkInterfaces()]) console.log(inspect(part, { depth: null }));
}
