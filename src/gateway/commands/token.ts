import { join } from "node:path";
import { parseSecondsOrDuration, toMilliseconds } from "../../core/duration.ts";
import { BreezeError } from "../../core/errors.ts";
import { SCOPES, type Scope, type TokenRecord } from "../auth/token.ts";
import { TOKEN_FILE, TokenStore } from "../auth/tokens.ts";
import type { Command, CommandContext } from "./command.ts";

const WHEN = "A gateway that runs on the same data_dir knows of it within a tenth of a second.";

export const createTokenCommand: Command = {
  name: "token create",
  parameters: ["NAME"],
  summary: "makes an API token, and prints its secret this once",
  help: `Only the secret is on stdout:  TOKEN=$(gateway token create ci --scope deploy,read)
It is sent as  Authorization: Bearer SECRET,  to functions with breeze.auth=api-key also as  X-Api-Key: SECRET.
Only its digest is kept: a secret that is lost is revoked, and another one made. ${WHEN}`,
  options: {
    scope: { type: "string" },
    function: { type: "string" },
    "expires-in": { type: "string" },
  },
  optionLines: [
    ["--scope SCOPE,...", `what it is good for: ${SCOPES.join(", ")}; admin is all of it`],
    ["--function NAME[.NAMESPACE],...", "the functions that it may invoke; without it, all"],
    ["--expires-in DURATION", "such as 720h; without it, never"],
  ],
  run({ positionals, values }, context) {
    const [name = ""] = positionals;
    const token = {
      name,
      scopes: readScopes(values.scope),
      functions: readFunctions(values.function, context.config.functionNamespace),
      expiresAt: readEnd(values["expires-in"]),
    };
    const { secret, record } = openStore(context).create(token);
    context.note(`token ${record.id} of ${context.config.dataDirectory}: ${describe(record)}`);
    context.say(secret);
  },
};

export const listTokensCommand: Command = {
  name: "token list",
  parameters: [],
  summary: "lists the API tokens, those that are over too",
  help: "Secrets are not kept, so nobody can list them.",
  options: { json: { type: "boolean" } },
  optionLines: [["--json", "prints JSON"]],
  run({ values }, context) {
    const tokens = openStore(context).list();
    if (values.json === true) context.say(JSON.stringify(tokens, undefined, 2));
    else if (tokens.length === 0) context.note(`${context.config.dataDirectory} has no tokens`);
    else for (const token of tokens) context.say(`${token.id}  ${describe(token)}`);
  },
};

export const revokeTokenCommand: Command = {
  name: "token revoke",
  parameters: ["ID"],
  summary: "makes an API token good for nothing",
  help: `The ids are what token list prints first. ${WHEN}`,
  options: {},
  optionLines: [],
  run({ positionals: [id = ""] }, context) {
    if (openStore(context).revoke(id)) context.note(`token ${id} is revoked`);
    else
      throw new BreezeError("NOT_THERE", `There is no token ${id}: token list prints their ids.`);
  },
};

function openStore({ config }: CommandContext): TokenStore {
  return new TokenStore(join(config.dataDirectory, TOKEN_FILE));
}

function describe({ name, scopes, functions, createdAt, expiresAt }: TokenRecord): string {
  const what = functions.length === 0 ? "" : ` of ${functions.join(", ")}`;
  const until = expiresAt === undefined ? "" : `, until ${expiresAt.toISOString()}`;
  // Whoever named it may have meant the terminal.
  const shown = JSON.stringify(name);
  return `${shown}, ${scopes.join(", ")}${what}, since ${createdAt.toISOString()}${until}`;
}

type Given = string | boolean | undefined;

function readScopes(given: Given): readonly Scope[] {
  const scopes = split(given);
  const unknown = scopes.find((scope) => !SCOPES.includes(scope as Scope));
  if (unknown !== undefined || scopes.length === 0) {
    const found = unknown === undefined ? "is missing" : `has "${unknown}"`;
    throw new BreezeError("USAGE", `--scope ${found}, expected some of ${SCOPES.join(", ")}.`);
  }
  return scopes as Scope[];
}

function readFunctions(given: Given, namespace: string): readonly string[] {
  return split(given).map((name) => (name.includes(".") ? name : `${name}.${namespace}`));
}

function readEnd(given: Given): Date | undefined {
  if (given === undefined) return undefined;
  const duration = parseSecondsOrDuration(String(given));
  const end = new Date(
    Date.now() + (duration === undefined ? Number.NaN : toMilliseconds(duration)),
  );
  if (end.getTime() > Date.now()) return end;
  throw new BreezeError("USAGE", `--expires-in has "${given}", expected a duration such as 720h.`);
}

function split(given: Given): string[] {
  return String(given ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
