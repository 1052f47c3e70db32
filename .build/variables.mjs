// Writes the table of variables into the README, between its two markers: `node .build/variables.mjs`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { replaceTable } from "../src/config/markdown.ts";

const readme = join(import.meta.dirname, "../README.md");
writeFileSync(readme, replaceTable(readFileSync(readme, "utf8")));
