import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { toBasicAuth } from "../support/basic-auth.ts";
import { noProgramReason } from "../support/has-program.ts";
import { openPage, said } from "../support/open-page.ts";
import { createDataFolder, RunningGateway } from "../support/run-gateway.ts";

const reason = noProgramReason("chromium");

/** Does what it says in any place that takes HTML or a script. */
const HOSTILE = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;

describe.skipIf(reason !== undefined)(`the page in Chromium${reason ? ` (${reason})` : ""}`, () => {
  test("lists the samples, and invokes the one that is picked", async ({ expect }) => {
    const gateway = await RunningGateway.start(createDataFolder(), { samples: "true" });
    const { page, asked, problems } = await openPage(`${gateway.url}/`);
    await page.locator("nav li").nth(7).waitFor();
    const names = await page.locator("nav li strong").allTextContents();
    expect(names).toContain("hubstats");
    expect(await said(page, "nav")).toContain("Needs the network");
    await page.getByRole("button", { name: "echoit" }).click();
    await page.locator("#body").fill("hello 世界");
    await page.locator("#body").press("Control+Enter");
    await page.locator("#status").waitFor();
    expect(await said(page, "#status")).toBe("200 OK");
    expect(await said(page, "#text")).toBe("hello 世界");
    expect(await said(page, ".outcome")).toMatch(/ \d+ ms · 12 bytes · text\/plain/);
    await page.locator("nav .meta", { hasText: "1 invocation" }).waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("body");
    expect(await said(page, "#details")).toContain("cat");
    await page.getByLabel("JSON").check();
    await page.locator("#body").fill('{"a":[1]}');
    await page.getByRole("button", { name: "Invoke" }).click();
    await page.locator(".outcome", { hasText: "application/json" }).waitFor();
    expect(await said(page, "#text")).toBe('{\n  "a": [\n    1\n  ]\n}');
    await page.locator("#body").fill("{");
    await page.getByRole("button", { name: "Invoke" }).click();
    await page.getByText("The body is no JSON").waitFor();
    for (const url of asked) expect(url).toMatch(`${gateway.url}/`);
    expect(problems).toEqual([]);
  });

  test("shows what failed with its status, and offers what is no text as a download", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder);
    await gateway.deploy("fails", "ls /nowhere-at-all");
    await gateway.deploy("binary", "printf \\377\\000\\001");
    const { page } = await openPage(`${gateway.url}/ui/#fails`);
    await page.getByRole("button", { name: "Invoke" }).click();
    await page.locator("#status").waitFor();
    expect(await said(page, "#status")).toBe("500 Internal Server Error");
    expect(await said(page, "#text")).toContain("nowhere-at-all");
    await page.getByRole("button", { name: "binary" }).click();
    expect(await page.locator("#status").count()).toBe(0);
    await page.getByRole("button", { name: "Invoke" }).click();
    await page.getByText("The answer is no text.").waitFor();
    const downloading = page.waitForEvent("download");
    await page.locator("#download").click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("binary.bin");
    const file = join(folder, "downloaded");
    await download.saveAs(file);
    expect([...readFileSync(file)]).toEqual([0xff, 0, 1]);
  });

  test("has the functions of all namespaces, finds them by name, and says which are asleep", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    const made = { name: "dev", labels: { openfaas: "1" } };
    expect((await gateway.tell("POST", "/system/namespace/", made)).ok).toBe(true);
    const labels = { "com.openfaas.scale.min": "0" };
    await gateway.deploy("ours", "cat", { namespace: "dev", labels });
    await gateway.deploy("other", "cat", { labels });
    const { page } = await openPage(`${gateway.url}/ui/`);
    await page.locator("nav strong", { hasText: "ours.dev" }).waitFor();
    expect(await page.locator("nav strong").allTextContents()).toEqual(["other", "ours.dev"]);
    await page.locator("#filter").fill("DEV");
    expect(await page.locator("nav strong").allTextContents()).toEqual(["ours.dev"]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await said(page, "#details")).toContain("asleep: the next request wakes it");
    await page.locator("#body").fill("hello");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.locator("#status").waitFor();
    expect(await said(page, "#text")).toBe("hello");
    await page.locator("nav .meta", { hasText: "ready · 1/1 replica · 1 invocation" }).waitFor();
    await page.reload();
    await page.locator("#name", { hasText: "ours.dev" }).waitFor();
  });

  test("shows what functions and their owners say as text, whatever it is", async ({ expect }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder);
    const more = {
      image: HOSTILE,
      labels: { [HOSTILE]: HOSTILE },
      annotations: { "breeze.description": HOSTILE, [HOSTILE]: HOSTILE },
      envVars: { hostile: HOSTILE, content_type: "text/html" },
    };
    expect(await gateway.deploy("hostile", "printenv hostile", more)).toBe(202);
    const { page, asked, problems } = await openPage(`${gateway.url}/ui/#hostile`);
    await page.locator("#details dd").first().waitFor();
    expect(await said(page, "#description")).toBe(HOSTILE);
    expect(await said(page, "nav .description")).toBe(HOSTILE);
    await page.getByRole("button", { name: "Invoke" }).click();
    await page.locator("#status").waitFor();
    expect((await said(page, "#text")).trim()).toBe(HOSTILE);
    expect(await page.locator("#details dd", { hasText: `${HOSTILE}=${HOSTILE}` }).count()).toBe(2);
    expect(await page.locator("img").count()).toBe(1);
    expect(await page.title()).toBe("Breeze");
    expect(asked.filter((url) => url.endsWith("/x"))).toEqual([]);
    expect(problems).toEqual([]);
  });

  test("asks for the password of a closed gateway, and gives it to no function", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder, { basic_auth: "true" });
    const password = readFileSync(join(folder, "basic-auth-password"), "utf8").trim();
    const { page } = await openPage(`${gateway.url}/ui/`, { username: "admin", password });
    await page.getByText("There are no functions yet.").waitFor();
    await expect(openPage(`${gateway.url}/ui/`)).rejects.toThrow("ERR_INVALID_AUTH_CREDENTIALS");
    const authorization = toBasicAuth("admin", password);
    const deployed = await gateway.ask("/system/functions", {
      method: "POST",
      body: JSON.stringify({ service: "env", image: "x", envProcess: "env" }),
      headers: { authorization },
    });
    expect(deployed.status).toBe(202);
    await page.getByRole("button", { name: "env" }).click();
    await page.getByRole("button", { name: "Invoke" }).click();
    await page.locator("#status").waitFor();
    expect(await said(page, "#text")).toContain("Http_Method=POST");
    expect(await said(page, "#text")).not.toContain("Http_Authorization");
  });

  test("says that the gateway has gone, and goes on when it is there again", async ({ expect }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder);
    await gateway.deploy("cat", "cat");
    const { page } = await openPage(`${gateway.url}/ui/`);
    await page.getByText("1 function", { exact: true }).waitFor();
    gateway.process.kill("SIGTERM");
    await gateway.ended();
    await page.getByText("The gateway cannot be asked").waitFor();
    expect(await page.locator("nav li").count()).toBe(1);
    const { port } = new URL(gateway.url);
    const next = await RunningGateway.start(folder, { port });
    await next.tell("DELETE", "/system/functions", { functionName: "cat" });
    await page.getByText("There are no functions yet.").waitFor();
  });
});
