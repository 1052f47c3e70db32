import { describe, test } from "vitest";
import { compileFixture } from "../../support/compile-fixture.ts";
import { fixture } from "../../support/fixture.ts";
import { noProgramReason } from "../../support/has-program.ts";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";

const start = (fprocess: string) => startTestWatchdog({ mode: "cgi", fprocess });

const noPython = noProgramReason("python3");
const noPerl = noProgramReason("perl");
const noBash = noProgramReason("bash");

describe("a program as it was written for Apache runs unchanged", () => {
  test.skipIf(noPython)(`a form in Python (${noPython ?? "python3"})`, async ({ expect }) => {
    const watchdog = await start(fixture("cgi/form.py"));
    const asked = await watchdog.ask(toGet("/greet?name=Ada%20L"));
    expect([asked.status, asked.body]).toEqual([200, "<p>Hello, Ada L, at /greet</p>\n"]);
    const type = "Content-Type: application/x-www-form-urlencoded\r\n";
    const posted = await watchdog.ask(toPost("name=Bob", type, "/greet"));
    expect(posted.body).toBe("<p>Hello, Bob, at /greet</p>\n");
    expect(posted.header("content-type")).toBe("text/html; charset=utf-8");
    expect(posted.header("set-cookie")).toBe("name=Bob");
    const chunked = await watchdog.ask(
      `POST /c HTTP/1.1\r\nHost: x\r\n${type}Transfer-Encoding: chunked\r\n\r\n8\r\nname=Eve\r\n0\r\n\r\n`,
    );
    expect(chunked.body).toBe("<p>Hello, Eve, at /c</p>\n");
  });

  test.skipIf(noPerl)(`a page in Perl (${noPerl ?? "perl"})`, async ({ expect }) => {
    const watchdog = await start(fixture("cgi/page.pl"));
    const answer = await watchdog.ask(toPost("data", "", "/a%20b?c=%20"));
    expect(answer.header("content-type")).toBe("text/html");
    expect(answer.body).toBe("<p>POST /a b?c=%20</p>\n<p>data</p>\n");
  });

  test("a compiled one", async ({ expect }) => {
    using counts = compileFixture("cgi-counts");
    const watchdog = await start(counts.path);
    const answer = await watchdog.post("hello");
    expect([answer.status, answer.body]).toEqual([201, "5 of 5\n"]);
    expect(answer.header("content-length")).toBe("7");
  });

  test.skipIf(noBash)(`a voting page in bash (${noBash ?? "bash"})`, async ({ expect }) => {
    const watchdog = await start(fixture("cgi/votes"));
    const page = await watchdog.ask(toGet("/vote/", "Cookie: voter_id=abc\r\nCookie: x=y\r\n"));
    expect([page.status, page.header("content-type")]).toEqual([200, "text/html"]);
    expect(page.body).toMatch(/<form.*<\/form>abc\n/);
    const type = "Content-Type: application/x-www-form-urlencoded\r\n";
    const vote = await watchdog.ask(toPost("vote=b", type, "/vote/"));
    expect([vote.status, vote.body]).toEqual([303, ""]);
    expect(vote.headers.slice(0, 3)).toEqual([
      ["Location", "/vote/"],
      ["Set-Cookie", "voter_id=c0ffee; Path=/vote/"],
      ["X-Vote", "b"],
    ]);
    const refused = await watchdog.ask(toGet("/vote/").replace("GET", "DELETE"));
    expect([refused.status, refused.header("allow")]).toEqual([405, "GET, POST"]);
  });
});
