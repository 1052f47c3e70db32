import { describe, test } from "vitest";
import { startTestWatchdog } from "../../support/start-watchdog.ts";

describe("the header block of a CGI program", () => {
  test("is read for what it is, whatever the answer before began with", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ mode: "cgi", fprocess: "cat" });
    const head = "Content-Type: a/b\nX-A: c\n\n";
    const outputs = [
      head,
      `${head}one`,
      `${head}\n`,
      "Content-Type: a/b\n\nX-A: c\n\n",
      head.trim(),
      `${head}two`,
    ];
    const answers = [];
    for (const output of outputs) {
      const { status, body, header } = await watchdog.post(output);
      answers.push([status, header("x-a"), status === 200 ? body : ""]);
    }
    expect(answers).toEqual([
      [200, "c", ""],
      [200, "c", "one"],
      [200, "c", "\n"],
      [200, undefined, "X-A: c\n\n"],
      [502, undefined, ""],
      [200, "c", "two"],
    ]);
  });
});
