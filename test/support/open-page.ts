import { type Browser, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";

export interface OpenedPage {
  readonly page: Page;
  /** All that was asked for. */
  readonly asked: readonly string[];
  /** What the browser had to complain about. */
  readonly problems: readonly string[];
}

/** Nothing but loopback can be reached, and no name is known. */
const OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";

/** A page in a browser of its own, closed with the test. */
export async function openPage(
  url: string,
  httpCredentials?: { readonly username: string; readonly password: string },
): Promise<OpenedPage> {
  const browser: Browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    headless: true,
    // Root has no other way, and what it shows is ours.
    args: ["--no-sandbox", OFFLINE],
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage(httpCredentials === undefined ? {} : { httpCredentials });
  const [asked, problems]: [string[], string[]] = [[], []];
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(url);
  return { page, asked, problems };
}

/** What stands at a place, once it is there. */
export const said = async (page: Page, place: string): Promise<string> =>
  (await page.locator(place).first().textContent()) ?? "";
