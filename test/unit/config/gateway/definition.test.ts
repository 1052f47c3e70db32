import { readFileSync } from "node:fs";
import { describe, test } from "vitest";
import {
  formatGatewayHelp,
  formatGatewayTable,
  replaceGatewayTable,
} from "../../../../src/config/gateway/help.ts";
import { readGatewayConfig } from "../../../../src/config/gateway/read.ts";
import { gatewayEntries } from "../../../../src/config/gateway/variables.ts";
import { parseValue } from "../../../../src/config/value.ts";
import { defaultText } from "../../../../src/config/variable.ts";

const HELP = formatGatewayHelp([["backup FOLDER", "copies"]]);
const names = gatewayEntries.map(([name]) => name).toSorted();

describe("the definition", () => {
  test("holds every variable that is read, and every one that it holds is read", ({ expect }) => {
    const asked = new Set<string>();
    const environment = new Proxy<Record<string, string>>(
      { HOME: "/root" },
      {
        get: (target, name) => {
          asked.add(String(name));
          return Reflect.get(target, name) as string | undefined;
        },
      },
    );
    readGatewayConfig(environment);
    for (const name of ["HOME", "XDG_STATE_HOME"]) asked.delete(name); // the system's
    const refused = gatewayEntries.filter(([, { refusedSince }]) => refusedSince !== undefined);
    expect([...asked, ...refused.map(([name]) => name)].toSorted()).toEqual(names);
  });

  test("has defaults that its own reader takes, and else says what unset means", ({ expect }) => {
    for (const [name, variable] of gatewayEntries) {
      const text = defaultText(variable, undefined);
      if (text === undefined) expect(variable.unset, name).toBeDefined();
      else
        expect(parseValue(variable.kind, text, variable, undefined), name).toHaveProperty("value");
    }
  });
});

describe("the names", () => {
  test("of the Go gateways' variables are all known", ({ expect }) => {
    expect(GO_GATEWAYS.split(/\s+/).filter((name) => !names.includes(name))).toEqual([]);
  });

  test("of this gateway's own variables are as they were promised", ({ expect }) => {
    expect(OWN.split(/\s+/).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("--help", () => {
  test("names every variable once", ({ expect }) => {
    const [, variables = ""] = HELP.split(/configure it:.*/);
    const named = [...variables.matchAll(/^ {2}([a-z]\S*)/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(names);
  });

  test("can be read at 100 columns and has no Markdown in it", ({ expect }) => {
    for (const line of HELP.split("\n")) {
      expect(line.length, line).toBeLessThanOrEqual(100);
      expect(line).toBe(line.trimEnd());
      expect(line).not.toContain("`");
    }
  });
});

describe("the table for the README", () => {
  test("names every variable, and no other", ({ expect }) => {
    const cells = formatGatewayTable()
      .split("\n")
      .slice(2)
      .map((line) => line.split("|")[1] ?? "");
    const named = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    expect(named.toSorted()).toEqual(names);
  });

  test("is in it: node .build/variables.mjs writes it", ({ expect }) => {
    const readme = readFileSync(new URL("../../../../README.md", import.meta.url), "utf8");
    expect(replaceGatewayTable(readme)).toBe(readme);
  });

  test("goes between its markers, and leaves the rest of the page", ({ expect }) => {
    const page = "a\n<!-- gateway-variables -->\nold\n<!-- /gateway-variables -->\nb\n";
    const written = replaceGatewayTable(page);
    expect(written).toBe(
      `a\n<!-- gateway-variables -->\n${formatGatewayTable()}\n<!-- /gateway-variables -->\nb\n`,
    );
    expect(replaceGatewayTable(written)).toBe(written);
    expect(() => replaceGatewayTable("nothing")).toThrow("<!-- gateway-variables -->");
  });
});

const GO_GATEWAYS = `read_timeout write_timeout upstream_timeout functions_provider_url logs_provider_url faas_nats_address
  faas_nats_port faas_nats_cluster_name faas_nats_channel faas_prometheus_host faas_prometheus_port direct_functions
  direct_functions_suffix basic_auth secret_mount_path scale_from_zero probe_functions max_idle_conns
  max_idle_conns_per_host auth_proxy_url auth_proxy_pass_body function_namespace write_request_uri dnsrr`;

const OWN = "port host metrics_port data_dir provider queue scaling samples trusted_proxies";
