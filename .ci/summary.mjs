// Prints "N passed, N failed" of vitest's report. Fails if anything has, or if nothing ran.
import { existsSync, readFileSync } from "node:fs";

const path = process.argv[2];
const report = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
const passed = report?.numPassedTests ?? 0;
// A file that cannot be loaded has no tests to fail.
const brokenFiles = report?.testResults.filter(
  ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
);
const failed = (report?.numFailedTests ?? 0) + (brokenFiles?.length ?? 0);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = passed === 0 || failed > 0 || !report.success ? 1 : 0;
