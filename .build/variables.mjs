// Writes the tables of variables, the watchdog's and the gateway's, into the README, between their markers: `node .build/variables.mjs`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { replaceGatewayTable } from "../src/config/gateway/help.ts";
import { replaceTable } from "../src/config/markdown.ts";

const readme = join(import.meta.dirname, "../README.md");
writeFileSync(readme, replaceGatewayTable(replaceTable(readFileSync(readme, "utf8"))));
