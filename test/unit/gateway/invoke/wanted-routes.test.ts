import { describe, test } from "vitest";
import { createSettingsReader } from "../../../../src/core/settings.ts";
import { createRoutes } from "../../../../src/gateway/api/routes.ts";
import { asyncRoutes } from "../../../../src/gateway/async/routes.ts";
import { isReservedPath } from "../../../../src/gateway/invoke/routes.ts";
import type { OwnHosts } from "../../../../src/gateway/invoke/wanted-routes.ts";
import { readWantedRoutes } from "../../../../src/gateway/invoke/wanted-routes.ts";

type Annotations = Readonly<Record<string, string>>;

const OWN: OwnHosts = { names: ["gateway.example.com"], functionDomain: "fn.example.com" };

function read(annotations: Annotations) {
  const reader = createSettingsReader(annotations);
  return { routes: readWantedRoutes(reader, OWN), problems: reader.problems };
}

const anyHost = (path: string) => ({ host: undefined, path });

describe("the routes that a function asks for", () => {
  test.for<[Annotations, object[]]>([
    [{}, []],
    [{ "breeze.path": "/shop" }, [anyHost("/shop")]],
    [{ "breeze.path": "/shop/" }, [anyHost("/shop")]],
    [
      { "breeze.path": "/a/b.c, /.well-known/x,/a/b.c" },
      [anyHost("/a/b.c"), anyHost("/.well-known/x")],
    ],
    [{ "breeze.path": "/systems" }, [anyHost("/systems")]],
    [{ "breeze.host": "Shop.Example.com" }, [{ host: "shop.example.com", path: "/" }]],
    [{ "breeze.host": "shop.localhost" }, [{ host: "shop.localhost", path: "/" }]],
    [
      { "breeze.host": "a.test,b.test", "breeze.path": "/x" },
      [
        { host: "a.test", path: "/x" },
        { host: "b.test", path: "/x" },
      ],
    ],
    [{ "breeze.host": "a.test", "breeze.path": "/" }, [{ host: "a.test", path: "/" }]],
  ])("in %j", ([annotations, routes], { expect }) => {
    expect(read(annotations)).toEqual({ routes, problems: [] });
  });

  test.for([
    "/",
    "/system",
    "/system/x",
    "/System",
    "/function/y",
    "/async-function",
    "/ui/",
    "/metrics",
    "/healthz",
    "//",
    "//x",
    "/a//b",
    "/..",
    "/a/..",
    "/./a",
    "/%73ystem",
    "/a%2fb",
    "/a\\b",
    "/a b",
    "/a?b",
    "/a#b",
    "/a;b",
    "shop",
    "",
    "/a,",
    `/${"a".repeat(256)}`,
  ])("T29: the path %j is given to no function", (path, { expect }) => {
    expect(read({ "breeze.path": path })).toEqual({
      routes: [],
      problems: [expect.stringMatching(/^breeze\.path: found ".*expected .*path/)],
    });
  });

  test.for(["/system", "/ui", "/metrics/x"])(
    "T29: the path %j is given to no function on a host of its own either",
    (path, { expect }) => {
      expect(read({ "breeze.host": "a.test", "breeze.path": path })).toMatchObject({
        routes: [],
        problems: [expect.stringMatching(/^breeze\.path/)],
      });
    },
  );

  test.for([
    "gateway.example.com",
    "GATEWAY.example.com",
    "fn.example.com",
    "other.fn.example.com",
    "localhost",
    "gateway",
    "127.0.0.1",
    "0x7f.1",
    "[::1]",
    "::1",
    "a.test:8080",
    "a.test.",
    "*.test",
    "a..test",
    ".test",
    "-a.test",
    "a.test/x",
    "user@a.test",
    "a\\b.test",
    "",
  ])("T29: the host %j is given to no function", (host, { expect }) => {
    expect(read({ "breeze.host": host })).toEqual({
      routes: [],
      problems: [expect.stringMatching(/^breeze\.host: found ".*expected names such as/)],
    });
  });
});

test("T29: each path that the gateway answers itself is reserved", ({ expect }) => {
  const rows = [...createRoutes({} as never), ...asyncRoutes({} as never)];
  expect(rows.map(({ path }) => path).filter((path) => !isReservedPath(path))).toEqual([]);
});
