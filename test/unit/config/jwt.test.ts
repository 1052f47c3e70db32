import { describe, test } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { problemsOf, read } from "./reading.ts";

const NAMED = { OPENFAAS_NAME: "fn", OPENFAAS_NAMESPACE: "ns" };

describe("jwt_auth", () => {
  test("is off unless it is asked for, whatever else is set", ({ expect }) => {
    for (const text of [undefined, "", "false", "0"]) {
      const others = { jwt_auth_local: "maybe", jwt_auth_url: "nowhere" };
      expect(read({ ...others, jwt_auth: text }).config.jwt).toBeUndefined();
    }
  });

  test.for(["true", "1"])("%s asks for the gateway's tokens, in every mode", (text, { expect }) => {
    for (const mode of ["", "streaming"]) {
      const { config, warnings } = read({ ...NAMED, mode, jwt_auth: text });
      expect(warnings).toEqual([]);
      expect(config.jwt).toEqual({
        discoveryUrl: "http://gateway.openfaas:8080/.well-known/openid-configuration",
        functionReference: "ns:fn",
        requiresExpiry: true,
        isDebug: false,
      });
    }
  });

  test("is never guessed: a word that means neither stops the start, strict or not", ({
    expect,
  }) => {
    for (const strict_config of ["true", "false"]) {
      expect(problemsOf({ ...NAMED, jwt_auth: "yes", strict_config })).toEqual([
        'jwt_auth: found "yes", expected true or false',
      ]);
    }
  });

  test("asks for the function's name, and a namespace", ({ expect }) => {
    expect(problemsOf({ jwt_auth: "true" })).toEqual([
      "OPENFAAS_NAME: is not set, expected the function's name",
      expect.stringContaining("OPENFAAS_NAMESPACE: is not set, expected the function's namespace"),
    ]);
  });

  test("takes the namespace of the pod's service account, without the line's end", ({ expect }) => {
    const variables = { fprocess: "cat", jwt_auth: "true", OPENFAAS_NAME: "fn" };
    const asked: string[] = [];
    const readFile = (path: string) => {
      asked.push(path);
      return "from-file\n";
    };
    const { config } = readWatchdogConfig(variables, readFile);
    expect(config.jwt?.functionReference).toBe("from-file:fn");
    expect(asked).toEqual(["/var/run/secrets/kubernetes.io/serviceaccount/namespace"]);
    const own = readWatchdogConfig({ ...variables, OPENFAAS_NAMESPACE: "" }, readFile);
    expect(own.config.jwt?.functionReference).toBe(":fn");
    readWatchdogConfig({ fprocess: "cat" }, () => expect.unreachable());
  });
});

describe("the issuer", () => {
  const discoveryUrl = (variables: Readonly<Record<string, string>>) =>
    read({ ...NAMED, jwt_auth: "true", ...variables }).config.jwt?.discoveryUrl;

  test("is on this machine with jwt_auth_local, and where jwt_auth_url says before all", ({
    expect,
  }) => {
    expect(discoveryUrl({ jwt_auth_local: "true" })).toBe(
      "http://127.0.0.1:8000/.well-known/openid-configuration",
    );
    for (const end of ["", "/"]) {
      expect(
        discoveryUrl({
          jwt_auth_local: "true",
          jwt_auth_url: `https://id.example.com/realm${end}`,
        }),
      ).toBe("https://id.example.com/realm/.well-known/openid-configuration");
    }
  });

  test.for([
    "gateway:8080",
    "ftp://gateway",
    "http://",
    "http://a b",
    "http://a/?x=1",
    "http://a/#x",
  ])("is not at %s", (jwt_auth_url, { expect }) => {
    expect(problemsOf({ ...NAMED, jwt_auth: "true", jwt_auth_url })).toEqual([
      `jwt_auth_url: found "${jwt_auth_url}", expected an address such as https://gateway.example.com`,
    ]);
  });

  test("has no password in its address, and the error does not repeat one", ({ expect }) => {
    for (const jwt_auth_url of ["http://user:hunter2@gateway", "http://:hunter2@a b"]) {
      const problems = problemsOf({ ...NAMED, jwt_auth: "true", jwt_auth_url });
      expect(problems).toHaveLength(1);
      expect(problems.join()).not.toContain("hunter2");
    }
  });
});
