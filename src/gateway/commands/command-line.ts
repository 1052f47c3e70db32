import { parseArgs } from "node:util";
import { BreezeError } from "../../core/errors.ts";
import { backUpCommand } from "./back-up.ts";
import type { Command, CommandArguments } from "./command.ts";
import { restoreCommand } from "./restore.ts";
import { createTokenCommand, listTokensCommand, revokeTokenCommand } from "./token.ts";

/** All there are, in the order in which people read of them. */
const COMMANDS: readonly Command[] = [
  backUpCommand,
  restoreCommand,
  createTokenCommand,
  listTokensCommand,
  revokeTokenCommand,
];

/** What the gateway's program was started for. */
export type Task =
  | { readonly kind: "serve" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "command"; readonly command: Command; readonly given: CommandArguments };

/** What the program can say of itself. */
export interface Texts {
  /** The commands are in it. */
  help(commands: [usage: string, summary: string][]): string;
  version(): string;
}

/** Throws `USAGE` where it is none. */
export function parseGatewayCommandLine(commandLine: readonly string[], texts: Texts): Task {
  const [first] = commandLine;
  if (first === undefined) return { kind: "serve" };
  if (first === "--help" || first === "-h" || first === "help")
    return toTask(texts.help(summaries()));
  if (first === "--version" || first === "version") return toTask(texts.version());
  const command = COMMANDS.find(({ name }) =>
    name.split(" ").every((word, index) => commandLine[index] === word),
  );
  if (command === undefined) throw unknownCommand(commandLine);
  const rest = commandLine.slice(command.name.split(" ").length);
  if (rest.includes("--help") || rest.includes("-h")) {
    return toTask(formatCommandHelp(command));
  }
  return { kind: "command", command, given: parseArguments(command, rest) };
}

const toTask = (text: string): Task => ({ kind: "text", text });

function summaries(): [usage: string, summary: string][] {
  return COMMANDS.map((command) => [formatUsage(command), command.summary]);
}

/** `backup FOLDER`, as it is typed. */
function formatUsage({ name, parameters }: Command): string {
  return [name, ...parameters].join(" ");
}

function formatCommandHelp(command: Command): string {
  const { optionLines, help, summary } = command;
  const width = Math.max(0, ...optionLines.map(([written]) => written.length)) + 4;
  const lines = optionLines.map(([written, meaning]) => `  ${written.padEnd(width)}${meaning}`);
  const usage = `Usage: gateway ${formatUsage(command)}${lines.length > 0 ? " [OPTIONS]" : ""}`;
  return [`${capitalized(summary)}.`, usage, ...(lines.length > 0 ? [lines.join("\n")] : []), help]
    .join("\n\n")
    .concat("\n");
}

function parseArguments(command: Command, rest: readonly string[]): CommandArguments {
  const { parameters, options } = command;
  const parsed = attempt(command, () =>
    parseArgs({ args: [...rest], options, allowPositionals: true, strict: true }),
  );
  const { positionals } = parsed;
  const missing = parameters[positionals.length];
  if (missing !== undefined) throw usage(`${missing} is missing`, command);
  const extra = positionals[parameters.length];
  if (extra !== undefined) throw usage(`"${extra}" is one argument too many`, command);
  return { positionals, values: parsed.values as CommandArguments["values"] };
}

function attempt<Value>(command: Command, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    // Its second sentence is about something else.
    const [reason = ""] = (error as Error).message.split(". ");
    throw usage(reason, command);
  }
}

/** What is wrong, and how it is right. */
function usage(reason: string, command: Command): BreezeError {
  const how = `usage: gateway ${formatUsage(command)}; gateway ${command.name} --help says more`;
  return new BreezeError("USAGE", `${reason}; ${how}.`);
}

function unknownCommand(commandLine: readonly string[]): BreezeError {
  const known = COMMANDS.map(({ name }) => name).join(", ");
  const asked = commandLine.slice(0, 2).join(" ");
  return new BreezeError(
    "USAGE",
    `There is no command "${asked}": expected none, to start the gateway, or one of ${known}; gateway --help says more.`,
  );
}

const capitalized = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
