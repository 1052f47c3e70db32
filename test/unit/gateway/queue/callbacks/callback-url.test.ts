import { describe, test } from "vitest";
import { createAllowedAddresses } from "../../../../../src/gateway/queue/callbacks/allowed-addresses.ts";
import { parseCallbackUrl } from "../../../../../src/gateway/queue/callbacks/callback-url.ts";
import { networksOf } from "../../../../support/networks.ts";

const NOBODY = createAllowedAddresses([]);
const INSIDE = createAllowedAddresses(networksOf("10.1.0.0/16", "127.0.0.1", "fd00::/8"));

describe("T30: a callback URL", () => {
  test.for([
    ["https://hooks.example.com/a?b=c#d", "https://hooks.example.com/a?b=c"],
    ["HTTP://Hooks.Example.com", "http://hooks.example.com/"],
    ["http://8.8.8.8:8080/", "http://8.8.8.8:8080/"],
    ["http://[2606:4700::1111]/", "http://[2606:4700::1111]/"],
  ])("to the internet is taken: %s", ([text, url], { expect }) => {
    expect(parseCallbackUrl(text as string, NOBODY)).toBe(url);
  });

  test.for([
    "",
    "hooks.example.com",
    "/a",
    "file:///etc/passwd",
    "ftp://hooks.example.com/",
    "gopher://hooks.example.com/",
    "unix:/var/run/docker.sock",
    "http:/hooks.example.com/",
    "http://",
    "http:///a",
    "http://hooks.example.com\\@10.0.0.1/",
    "http://hooks.example.com/a b",
    "http://hooks.example.com/\r\nX: y",
    "http://h\xf6oks.example.com/",
    "http://\uff11\uff12\uff17.0.0.1/",
    "http://hooks.example.com:99999/",
    `http://hooks.example.com/${"a".repeat(2_048)}`,
  ])("that is none is refused, and told what one is: %j", (text, { expect }) => {
    expect(() => parseCallbackUrl(text, NOBODY)).toThrow(/must be http:\/\/ or https:\/\//);
  });

  test.for([
    "http://user@hooks.example.com/",
    "http://user:secret@hooks.example.com/",
    "http://:@hooks.example.com/",
    "http://8.8.8.8@10.0.0.1/",
  ])("with credentials is refused: %s", (text, { expect }) => {
    expect(() => parseCallbackUrl(text, INSIDE)).toThrow(/user name or a password/);
  });

  test.for([
    "http://0x7f.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://0x7f000001:80/",
    "http://127.0.0.1./",
    "http://%31%32%37.0.0.1/",
    "http://0x08080808/",
  ])(
    "with an unusual spelling of an address is refused, allowed or not: %s",
    (text, { expect }) => {
      expect(() => parseCallbackUrl(text, INSIDE)).toThrow(/unusual way to write/);
    },
  );

  test.for([
    "http://127.0.0.1:8080/system/functions",
    "http://169.254.169.254/",
    "http://0.0.0.0/",
    "http://10.1.2.3/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[0:0:0:0:0:ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[fd00:ec2::254]/",
    "http://localhost/",
    "http://localhost./",
    "http://LOCALHOST:8080/",
    "http://a.localhost/",
  ])("to the inside is refused: %s", (text, { expect }) => {
    expect(() => parseCallbackUrl(text, NOBODY)).toThrow(/not on the public internet/);
  });

  test.for([
    "http://10.1.2.3/",
    "http://127.0.0.1:8080/",
    "http://[fd00::1]/",
    "http://localhost/",
    "http://a.localhost/",
    "http://hooks/",
  ])("to what is allowed inside is taken: %s", (text, { expect }) => {
    expect(parseCallbackUrl(text, INSIDE)).toBe(text);
  });

  test("to what lies beside the allowed is refused", ({ expect }) => {
    for (const text of ["http://10.2.0.1/", "http://127.0.0.2/", "http://[::1]/"]) {
      expect(() => parseCallbackUrl(text, INSIDE)).toThrow(/not on the public internet/);
    }
  });
});
