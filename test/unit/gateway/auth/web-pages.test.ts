import { describe, test } from "vitest";
import { parseNetwork } from "../../../../src/core/networks.ts";
import { createCallerResolver } from "../../../../src/gateway/auth/caller.ts";
import { createWebPageGuard } from "../../../../src/gateway/auth/web-pages.ts";
import { asking } from "./asking.ts";

const proxies = ["10.0.0.0/8"].flatMap((text) => parseNetwork(text) ?? []);
const refuse = createWebPageGuard({
  hosts: ["gateway.example.com"],
  caller: createCallerResolver(proxies),
});

describe("T33: an open gateway", () => {
  test.for([
    undefined,
    "localhost",
    "localhost:8080",
    "LOCALHOST:8080",
    "127.0.0.1:8080",
    "192.0.2.7",
    "[::1]:8080",
    "gateway",
    "func_gateway:8080",
    "gateway.example.com",
    "Gateway.Example.Com:8080",
    "gateway.example.com.",
    "echoit.localhost:8080",
  ])("answers to the host %s", (host, { expect }) => {
    expect(refuse(asking(host === undefined ? {} : { host }))).toBeUndefined();
  });

  test.for([
    "evil.example",
    "evil.example:8080",
    "gateway.example.com.evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "a.b.localhost",
    "[::1].evil.example",
    "evil.example@localhost",
    "127.1",
  ])("does not answer to the host %s, which may be anybody's", (host, { expect }) => {
    expect(refuse(asking({ host }))).toMatchObject({ status: 403 });
  });

  test.for([
    [{ host: "localhost:8080", origin: "http://evil.example" }, 403],
    [{ host: "localhost:8080", origin: "http://localhost:3000" }, 403],
    [{ host: "localhost:8080", origin: "null" }, 403],
    [{ host: "localhost:8080", origin: "http://localhost:8080, http://evil.example" }, 403],
    [{ host: "localhost:8080", origin: "http://localhost:8080" }, undefined],
    [{ host: "gateway.example.com", origin: "https://gateway.example.com" }, undefined],
    [{ host: "gateway.example.com:80", origin: "http://gateway.example.com" }, undefined],
    [{ host: "gateway.example.com", origin: "https://gateway.example.com:8443" }, 403],
    [{ origin: "http://evil.example" }, 403],
  ] as const)("takes only its own pages: %j is %s", ([headers, status], { expect }) => {
    expect(refuse(asking(headers))?.status).toBe(status);
  });

  test.for([
    ["cross-site", 403],
    ["same-origin", undefined],
    ["none", undefined],
    ["cross-site, same-origin", 403],
  ] as const)("with Sec-Fetch-Site: %s is %s", ([site, status], { expect }) => {
    const request = asking({ host: "localhost:8080", "sec-fetch-site": site });
    expect(refuse(request)?.status).toBe(status);
  });

  test("behind a proxy is called what the proxy was called", ({ expect }) => {
    const headers = { host: "gateway:8080", "x-forwarded-host": "gateway.example.com" };
    const page = { ...headers, origin: "https://gateway.example.com" };
    expect(refuse(asking(page, "10.1.1.1"))).toBeUndefined();
    expect(refuse(asking(page, "192.0.2.1"))?.status).toBe(403);
    const rebound = { host: "evil.example", "x-forwarded-host": "localhost" };
    expect(refuse(asking(rebound, "10.1.1.1"))?.status).toBe(403);
    const foreign = { host: "gateway:8080", "x-forwarded-host": "evil.example" };
    expect(refuse(asking(foreign, "10.1.1.1"))?.status).toBe(403);
  });
});
