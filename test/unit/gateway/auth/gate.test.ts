import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, test } from "vitest";
import { BreezeError } from "../../../../src/core/errors.ts";
import { describeGate, type GateOptions, readGate } from "../../../../src/gateway/auth/gate.ts";
import { toBasicAuth } from "../../../support/basic-auth.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";

/** A machine with an empty folder for data, and one for secrets. */
function machine(secrets: Readonly<Record<string, string>> = {}) {
  const folder = createTemporaryFolder();
  const secretMountPath = join(folder.path, "secrets");
  mkdirSync(secretMountPath);
  for (const [name, text] of Object.entries(secrets))
    writeFileSync(join(secretMountPath, name), text);
  const options: GateOptions = {
    basicAuth: undefined,
    host: "127.0.0.1",
    secretMountPath,
    isSecretMountPathSet: false,
    dataDirectory: join(folder.path, "state/breeze"),
  };
  return { options, secretMountPath, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

const FILES = { "basic-auth-user": "ann\n", "basic-auth-password": " s3cret \n" };

function closed(options: GateOptions) {
  const gate = readGate(options);
  if (gate.kind === "open") throw new Error("it is open");
  return gate;
}

function refusal(options: GateOptions): string {
  try {
    readGate(options);
    return "";
  } catch (error) {
    if (error instanceof BreezeError && error.code === "CREDENTIALS_UNUSABLE") return error.message;
    throw error;
  }
}

describe("T33: /system is", () => {
  test.for([
    ["127.0.0.1", undefined, "open"],
    ["::1", undefined, "open"],
    ["localhost", undefined, "open"],
    ["0.0.0.0", undefined, "closed"],
    ["::", undefined, "closed"],
    ["192.0.2.7", undefined, "closed"],
    ["gateway.example.com", undefined, "closed"],
    ["127.0.0.1", true, "closed"],
    ["0.0.0.0", false, "open"],
  ] as const)("on %s with basic_auth=%s %s", ([host, basicAuth, kind], { expect }) => {
    using where = machine();
    expect(readGate({ ...where.options, host, basicAuth }).kind).toBe(kind);
  });
});

describe("user and password", () => {
  test("are two files, without the blanks around what they say", ({ expect }) => {
    using where = machine(FILES);
    const { credentials, passwordFile } = closed({ ...where.options, basicAuth: true });
    expect(credentials.match(toBasicAuth("ann", "s3cret"))).toBe(true);
    expect(passwordFile).toBe(join(where.secretMountPath, "basic-auth-password"));
  });

  test.for([
    "",
    "Basic",
    "Basic ",
    "Basic !!!",
    toBasicAuth("ann", "s3cre"),
    toBasicAuth("ann", "s3cret "),
    toBasicAuth("an", "s3cret"),
    toBasicAuth("", "s3cret"),
    toBasicAuth("ann", ""),
    toBasicAuth("ANN", "s3cret"),
    `Basic ${Buffer.from("anns3cret").toString("base64")}`,
    `Basic ${Buffer.from("s3cret").toString("base64")}`,
    `Bearer ${Buffer.from("ann:s3cret").toString("base64")}`,
    `Digest ${Buffer.from("ann:s3cret").toString("base64")}`,
  ])("T33: are not %j", (authorization, { expect }) => {
    using where = machine(FILES);
    const { credentials } = closed({ ...where.options, basicAuth: true });
    expect(credentials.match(authorization)).toBe(false);
  });

  test("may have colons, other scripts' letters and a scheme in any case", ({ expect }) => {
    using where = machine({ "basic-auth-user": "ann", "basic-auth-password": "a:b:ö" });
    const { credentials } = closed({ ...where.options, basicAuth: true });
    expect(credentials.match(toBasicAuth("ann", "a:b:ö"))).toBe(true);
    expect(credentials.match(toBasicAuth("ann", "a:b:ö").replace("Basic", "bASIC"))).toBe(true);
  });

  test("are never half there, empty, or elsewhere than somebody said", ({ expect }) => {
    const cases: [Readonly<Record<string, string>>, boolean, RegExp][] = [
      [{ "basic-auth-user": "ann" }, false, /basic-auth-password is not there/],
      [{ "basic-auth-password": "x" }, false, /basic-auth-user is not there/],
      [{}, true, /basic-auth-user is not there/],
      [{ ...FILES, "basic-auth-password": " \n" }, false, /basic-auth-password is empty/],
      [{ ...FILES, "basic-auth-user": "" }, false, /basic-auth-user is empty/],
    ];
    for (const [files, isSecretMountPathSet, message] of cases) {
      using where = machine(files);
      const options = { ...where.options, basicAuth: true, isSecretMountPathSet };
      expect(refusal(options)).toMatch(message);
    }
  });
});

describe("a made password", () => {
  test("T34: is in a file that nobody else reads, and stays the same", ({ expect }) => {
    using where = machine();
    const options = { ...where.options, host: "0.0.0.0" };
    const { passwordFile, credentials } = closed(options);
    expect(passwordFile).toBe(join(options.dataDirectory, "basic-auth-password"));
    expect(statSync(passwordFile).mode & 0o777).toBe(0o600);
    expect(statSync(options.dataDirectory).mode & 0o777).toBe(0o700);
    const password = readFileSync(passwordFile, "utf8").trim();
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(credentials.match(toBasicAuth("admin", password))).toBe(true);
    expect(closed(options).credentials.match(toBasicAuth("admin", password))).toBe(true);
  });

  test("T34: is in no line, inspection or JSON of the gate", ({ expect }) => {
    using where = machine();
    const options = { ...where.options, host: "0.0.0.0" };
    const gate = closed(options);
    const password = readFileSync(gate.passwordFile, "utf8").trim();
    const line = describeGate(gate, options);
    const said = [line, inspect(gate, { depth: 9, showHidden: true }), JSON.stringify(gate)];
    expect(said.join()).not.toContain(password);
    expect(line).toContain(gate.passwordFile);
  });

  test("is another one each time that there is none yet", ({ expect }) => {
    const passwords = [1, 2].map(() => {
      using where = machine();
      return readFileSync(closed({ ...where.options, basicAuth: true }).passwordFile, "utf8");
    });
    expect(passwords[0]).not.toBe(passwords[1]);
  });

  test("that cannot be written stops the start", ({ expect }) => {
    using where = machine();
    writeFileSync(join(where.secretMountPath, "file"), "");
    const options = { ...where.options, dataDirectory: join(where.secretMountPath, "file/state") };
    expect(refusal({ ...options, basicAuth: true })).toMatch(/cannot be written: E[A-Z]+/);
  });

  test("is not made where there are files that may not be read", ({ expect }) => {
    using where = machine(FILES);
    chmodSync(join(where.secretMountPath, "basic-auth-password"), 0o000);
    if (process.getuid?.() === 0) return; // root may read it all the same
    expect(refusal({ ...where.options, basicAuth: true })).toMatch(/cannot be read: EACCES/);
  });
});

test("a start says who is let in", ({ expect }) => {
  const open = { kind: "open" } as const;
  expect(describeGate(open, { host: "127.0.0.1" })).toMatch(/open to everybody on this machine/);
  expect(describeGate(open, { host: "0.0.0.0" })).toMatch(
    /open to everybody who reaches 0\.0\.0\.0/,
  );
});

test("a start names the user, whose password was made here or stands in files", ({ expect }) => {
  using where = machine();
  const options = { ...where.options, host: "0.0.0.0" };
  const made = closed(options);
  expect(describeGate(made, options)).toBe(
    `/system asks for the user admin and a password: it is in ${made.passwordFile}`,
  );
  using other = machine(FILES);
  const given = closed({ ...other.options, basicAuth: true });
  expect(describeGate(given, options)).toBe(
    `/system asks for the user in ${other.secretMountPath}/basic-auth-user and a password: it is in ${given.passwordFile}`,
  );
});
