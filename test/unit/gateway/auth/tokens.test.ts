import { existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { type NewToken, TokenStore } from "../../../../src/gateway/auth/tokens.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";
import { until } from "../../../support/until.ts";

const TOKEN: NewToken = { name: "ci", scopes: ["deploy"], functions: [], expiresAt: undefined };

/** A store in a file that is not there yet. */
function emptyStore() {
  const folder = createTemporaryFolder();
  const path = join(folder.path, "state/tokens.json");
  return { path, store: new TokenStore(path), [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

describe("a token of another process", () => {
  test("is known soon, and not any more when it is revoked there", async ({ expect }) => {
    using where = emptyStore();
    const other = new TokenStore(where.path);
    const { secret, record } = other.create(TOKEN);
    await until("it is known", () => where.store.find(secret) !== undefined);
    where.store.create(TOKEN);
    expect(other.revoke(record.id)).toBe(true);
    await until("it is not known", () => where.store.find(secret) === undefined);
    const again = new TokenStore(where.path);
    expect(again.list()).toHaveLength(1);
  });

  test("is good for nothing, and nothing throws, while the file cannot even be looked at", async ({
    expect,
  }) => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, "tokens.json");
    const errors: Error[] = [];
    const store = new TokenStore(path, (error) => errors.push(error));
    const { secret } = store.create({
      name: "ci",
      scopes: ["read"],
      functions: [],
      expiresAt: undefined,
    });
    rmSync(path);
    symlinkSync("tokens.json", path);
    await until("it is good for nothing", () => store.find(secret) === undefined);
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining("ELOOP")]);
  });

  test("is good for nothing while the file cannot be read: it may have been revoked", async ({
    expect,
  }) => {
    using where = emptyStore();
    const { secret } = where.store.create(TOKEN);
    const errors: Error[] = [];
    const other = new TokenStore(where.path, (error) => errors.push(error));
    const text = readFileSync(where.path, "utf8");
    writeFileSync(where.path, "{}");
    await until("it is good for nothing", () => other.find(secret) === undefined);
    expect(errors).toHaveLength(1);
    writeFileSync(where.path, text);
    await until("it is known again", () => other.find(secret) !== undefined);
  });
});

describe("a token", () => {
  test("is known by its secret, which is given once", ({ expect }) => {
    using where = emptyStore();
    const { secret, record } = where.store.create(TOKEN);
    expect(secret).toMatch(/^brz_[\w-]{43}$/);
    expect(where.store.find(secret)).toMatchObject({ ...TOKEN, id: record.id });
    expect(where.store.list()).toEqual([record]);
    expect(JSON.stringify([record, where.store.list()])).not.toContain(secret.slice(4));
  });

  test("T34: is in the file as a digest only, and nobody else reads the file", ({ expect }) => {
    using where = emptyStore();
    const { secret, record } = where.store.create(TOKEN);
    const text = readFileSync(where.path, "utf8");
    expect(text).toContain(record.id);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(secret.slice(4, 24));
    expect(statSync(where.path).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(where.store.list())).not.toMatch(/digest/);
  });

  test("is there after a restart, with all that was said of it", ({ expect }) => {
    using where = emptyStore();
    const expiresAt = new Date("2099-01-01T00:00:00Z");
    const one = where.store.create({ ...TOKEN, functions: ["f.ns"], expiresAt });
    const other = where.store.create(TOKEN);
    const again = new TokenStore(where.path);
    expect(again.list()).toEqual([one.record, other.record]);
    expect(again.find(one.secret)).toMatchObject({ functions: ["f.ns"], expiresAt });
  });

  test("is good for nothing when it was revoked, after a restart too", ({ expect }) => {
    using where = emptyStore();
    const [gone, kept] = [where.store.create(TOKEN), where.store.create(TOKEN)];
    expect(where.store.revoke(gone.record.id)).toBe(true);
    expect(where.store.revoke(gone.record.id)).toBe(false);
    for (const store of [where.store, new TokenStore(where.path)]) {
      expect(store.find(gone.secret)).toBeUndefined();
      expect(store.find(kept.secret)).toBeDefined();
    }
  });

  test("is good until it expires, and stays listed", ({ expect }) => {
    using where = emptyStore();
    const expiresAt = new Date("2030-01-01T00:00:00Z");
    const { secret } = where.store.create({ ...TOKEN, expiresAt });
    expect(where.store.find(secret, expiresAt.getTime() - 1)).toBeDefined();
    expect(where.store.find(secret, expiresAt.getTime())).toBeUndefined();
    expect(where.store.list()).toHaveLength(1);
  });

  test("T33: is not what only looks like one, however long", ({ expect }) => {
    using where = emptyStore();
    where.store.create(TOKEN);
    for (const secret of ["", "brz_", `brz_${"A".repeat(43)}`, "x".repeat(1_000_000)]) {
      expect(where.store.find(secret) === undefined).toBe(true);
    }
  });
});

describe("the file", () => {
  test("is not made before there is a token", ({ expect }) => {
    using where = emptyStore();
    expect(where.store.list()).toEqual([]);
    expect(existsSync(where.path)).toBe(false);
  });

  test.for([
    ['{"version":2,"tokens":[]}', /is of a newer version of Breeze/],
    ['{"version":1,"tokens":[{"id":"x"}]}', /does not hold tokens/],
    ["not JSON: hunter2", /does not hold tokens/],
    ["[]", /does not hold tokens/],
  ] as const)("that holds %s is refused, and not quoted", ([text, message], { expect }) => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, "tokens.json");
    writeFileSync(path, text);
    expect(() => new TokenStore(path)).toThrow(
      expect.objectContaining({ code: "DATA_UNUSABLE", message: expect.stringMatching(message) }),
    );
    expect(() => new TokenStore(path)).not.toThrow(/hunter2/);
  });

  test("that cannot be written leaves things as they were", ({ expect }) => {
    using folder = createTemporaryFolder();
    const store = new TokenStore(join(folder.path, "state/tokens.json"));
    writeFileSync(join(folder.path, "state"), "");
    expect(() => store.create(TOKEN)).toThrow(/cannot be written/);
    expect(store.list()).toEqual([]);
    expect(() => new TokenStore(join(folder.path, "state/tokens.json"))).toThrow(/cannot be read/);
  });
});
