import { describe, test } from "vitest";
import { CustomRoutes } from "../../../src/gateway/custom-routes.ts";
import { Routes } from "../../../src/gateway/invoke/routes.ts";
import type { FunctionState } from "../../../src/provider/provider.ts";
import { specOf } from "../../support/function-spec.ts";

function start() {
  const routes = new Routes();
  const taken: string[] = [];
  const customRoutes = new CustomRoutes({
    routes,
    ownHosts: { names: [], functionDomain: undefined },
    onTaken: ({ name }, problem) => taken.push(`${name}: ${problem}`),
  });
  const ownerOf = (path: string, host = "") => routes.locate(host, path)?.id?.name;
  return { customRoutes, taken, ownerOf };
}

const wants = (name: string, path: string) =>
  specOf(name, { annotations: { "breeze.path": path } });

const stateOf = (name: string, path: string, createdAt: number): FunctionState => ({
  ...wants(name, path),
  replicas: 1,
  availableReplicas: 1,
  createdAt: new Date(createdAt),
});

const TAKEN = "/shop belongs to the function a.openfaas-fn already";

describe("a path that two functions want", () => {
  test("is the older one's, whichever was heard of first", ({ expect }) => {
    for (const order of [
      [2, 1],
      [1, 2],
    ]) {
      const { customRoutes, ownerOf } = start();
      for (const age of order) customRoutes.see(stateOf(age === 1 ? "z" : "b", "/shop", age));
      expect(ownerOf("/shop/cart")).toBe("z");
    }
  });

  test("is the first one's by name where they are as old, and the other is told of once", ({
    expect,
  }) => {
    const { customRoutes, ownerOf, taken } = start();
    customRoutes.see(stateOf("a", "/shop", 1));
    customRoutes.see(stateOf("b", "/shop", 1));
    customRoutes.see(stateOf("b", "/shop", 1));
    expect([ownerOf("/shop"), taken]).toEqual(["a", [`b: ${TAKEN}`]]);
  });

  test("is the other's when the first one is gone, or wants it no longer", ({ expect }) => {
    const { customRoutes, ownerOf } = start();
    for (const [index, name] of ["a", "b", "c"].entries()) {
      customRoutes.see(stateOf(name, "/shop", index));
    }
    customRoutes.forget(specOf("a"));
    expect(ownerOf("/shop")).toBe("b");
    customRoutes.see(stateOf("b", "/store", 1));
    expect([ownerOf("/shop"), ownerOf("/store")]).toEqual(["c", "b"]);
  });

  test("is refused to whoever deploys the second with 409, which names the first", ({ expect }) => {
    const { customRoutes, ownerOf } = start();
    customRoutes.see(stateOf("a", "/shop", 1));
    const refused = { status: 409, message: TAKEN };
    expect(() => customRoutes.reserve(wants("b", "/b,/shop"))).toThrow(
      expect.objectContaining(refused),
    );
    expect([ownerOf("/shop"), ownerOf("/b")]).toEqual(["a", undefined]);
    expect(() => customRoutes.reserve(wants("a", "/shop"))).not.toThrow();
  });

  test("is one deployment's of two at once, and free again when that one fails", ({ expect }) => {
    const { customRoutes, ownerOf } = start();
    const giveBack = customRoutes.reserve(wants("a", "/shop"));
    expect(() => customRoutes.reserve(wants("b", "/shop"))).toThrow(TAKEN);
    giveBack();
    expect(ownerOf("/shop")).toBeUndefined();
    expect(() => customRoutes.reserve(wants("b", "/shop"))).not.toThrow();
  });

  test("stays as it was when an update fails", ({ expect }) => {
    const { customRoutes, ownerOf } = start();
    customRoutes.see(stateOf("a", "/shop", 1));
    customRoutes.reserve(wants("a", "/store"))();
    expect([ownerOf("/shop"), ownerOf("/store")]).toEqual(["a", undefined]);
  });

  test("may be below another's, and the longer one counts", ({ expect }) => {
    const { customRoutes, ownerOf } = start();
    customRoutes.see(stateOf("a", "/shop", 1));
    customRoutes.see(stateOf("b", "/shop/cart", 2));
    expect([ownerOf("/shop/x"), ownerOf("/shop/cart/x")]).toEqual(["a", "b"]);
  });
});
