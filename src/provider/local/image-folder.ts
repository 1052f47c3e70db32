import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseShellWords } from "../../config/shell-words.ts";
import { ProviderError } from "../provider.ts";

/** What an image is on this machine. */
export interface ImageFolder {
  /** The working directory. */
  readonly path: string;
  /** Variables that the image sets, `fprocess` among them; empty for a plain folder. */
  readonly environment: Readonly<Record<string, string>>;
  /** A template's: its program listens where `http_port` says, so that many of them can at a time. */
  readonly isTemplate: boolean;
}

/**
 * An absolute path, or a `file:` URL, is a folder: plain, or one that a template makes with a function in it. What any other
 * image would be only an engine knows: `undefined`. Throws `invalid` where the folder is not there, or from where is not known.
 */
export function readImageFolder(image: string): ImageFolder | undefined {
  const path = toPath(image);
  if (path === undefined) return undefined;
  if (!isFolder(path)) {
    throw new ProviderError("invalid", `image ${image}: there is no such folder on this machine`);
  }
  const template = readText(join(path, "template.yml"));
  if (template === undefined) return { path, environment: {}, isTemplate: false };
  const process = /^fprocess:[ \t]*(.+?)[ \t]*$/m.exec(template)?.[1];
  const said = process === undefined ? {} : { fprocess: unquote(process) };
  const dockerfile = readText(join(path, "Dockerfile")) ?? "";
  return { path, environment: { ...said, ...parseVariables(dockerfile) }, isTemplate: true };
}

/** Whether an image is meant to be a folder of this machine, there or not. */
export function isImageFolder(image: string): boolean {
  try {
    return toPath(image) !== undefined;
  } catch {
    return true;
  }
}

function toPath(image: string): string | undefined {
  try {
    if (image.startsWith("file:")) return fileURLToPath(image);
  } catch (cause) {
    throw new ProviderError("invalid", `image ${image}: expected file:///PATH`, { cause });
  }
  // No image's name is like this: somebody means a folder of where he is, which is not where the gateway is.
  if (/^(\.{1,2}|~)(\/|$)/.test(image)) {
    throw new ProviderError("invalid", `image ${image}: expected the absolute path of the folder`);
  }
  return image.startsWith("/") ? image : undefined;
}

/** The `ENV` lines of a Dockerfile's last stage, the image that runs. */
function parseVariables(dockerfile: string): Record<string, string> {
  const lines = dockerfile.replaceAll("\\\n", " ").split("\n");
  const stage = lines.slice(lines.findLastIndex((line) => /^FROM\s/i.test(line)) + 1);
  const words = stage.flatMap((line) => {
    const text = /^ENV\s+(.*)$/i.exec(line)?.[1];
    return text === undefined ? [] : (parseShellWords(text) ?? []);
  });
  const pairs = words.map((word) => /^([^=]+)=(.*)$/s.exec(word));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], pair[2]]] : [])));
}

const unquote = (scalar: string) => /^(["'])(.*)\1$/.exec(scalar)?.[2] ?? scalar;

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
