import { beforeEach, describe, test } from "vitest";
import { askRaw } from "../../../support/raw-http.ts";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";

interface Row {
  readonly method: string;
  readonly path: string;
}

/** Whoever adds one to these opens it to everybody. */
const OPEN = ["GET /", "GET /healthz", "GET /metrics", "GET /ui"];

const nameOf = ({ method, path }: Row) => `${method} ${path}`;
const isClosed = (row: Row) => !OPEN.includes(nameOf(row));

/** The whole table of a gateway as it runs, as its own document has it. */
async function readRows(gateway: RunningGateway): Promise<Row[]> {
  const document = (await (await gateway.ask("/system/openapi.json")).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => /^(?:get|post|put|delete)$/.test(method))
      .map((method) => ({ method: method.toUpperCase(), path })),
  );
}

async function statusOf(gateway: RunningGateway, row: Row, headers: string): Promise<number> {
  const path = row.path.replaceAll(/\{\w+\}/g, "cat");
  const host = headers.includes("Host:") ? "" : "Host: localhost\r\n";
  const head = `${row.method} ${path} HTTP/1.1\r\n${host}${headers}Connection: close\r\n`;
  const { port } = new URL(gateway.url);
  return (await askRaw(Number(port), `${head}Content-Length: 2\r\n\r\n{}`)).status;
}

/** By row, of those that are closed and of those that are not. */
async function askAll(gateway: RunningGateway, rows: readonly Row[], headers = "") {
  const statuses = new Map<string, number>();
  for (const row of rows) statuses.set(nameOf(row), await statusOf(gateway, row, headers));
  return statuses;
}

describe("every row of the table of a running gateway", () => {
  let gateway: RunningGateway;
  let rows: Row[];

  async function start(variables: Readonly<Record<string, string>>): Promise<void> {
    gateway = await RunningGateway.start(createDataFolder(), variables);
    rows = await readRows(gateway);
  }

  const expectAll = async (status: number, headers: string) => {
    const closed = rows.filter(isClosed);
    const statuses = await askAll(gateway, closed, headers);
    return [
      Object.fromEntries(statuses),
      Object.fromEntries(closed.map((row) => [nameOf(row), status])),
    ];
  };

  describe("while it is open", () => {
    beforeEach(() => start({}));

    test.for([
      ["pages of other sites", "Sec-Fetch-Site: cross-site\r\nOrigin: http://evil.example\r\n"],
      ["pages of other origins", "Origin: http://evil.example\r\n"],
      ["pages without an origin", "Origin: null\r\n"],
      ["names that are not its own", "Host: evil.example\r\n"],
    ])("refuses %s, except what everybody may see", async ([, headers], { expect }) => {
      expect(rows.length).toBeGreaterThan(20);
      const [found, expected] = await expectAll(403, headers ?? "");
      expect(found).toEqual(expected);
      expect(await (await gateway.ask("/system/functions")).json()).toEqual([]);
    });
  });

  describe("while it is closed", () => {
    test("T33: is 401 without credentials and with wrong ones, but for those that are open", async ({
      expect,
    }) => {
      const open = await RunningGateway.start(createDataFolder());
      const all = await readRows(open);
      gateway = await RunningGateway.start(createDataFolder(), { basic_auth: "true" });
      rows = all;
      for (const headers of [
        "",
        "Authorization: Basic YWRtaW46YWRtaW4=\r\n",
        "Authorization: Bearer wrong\r\n",
      ]) {
        const [found, expected] = await expectAll(401, headers);
        expect(found).toEqual(expected);
      }
      expect(
        rows
          .filter((row) => !isClosed(row))
          .map(nameOf)
          .toSorted(),
      ).toEqual(OPEN);
    });
  });
});
