import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BreezeError } from "../../core/errors.ts";
import { isLoopback } from "../../core/networks.ts";
import { Credentials } from "./credentials.ts";

export interface GateOptions {
  /** `undefined`: open on loopback, closed beyond it. */
  readonly basicAuth: boolean | undefined;
  /** Where the gateway listens. */
  readonly host: string;
  /** The folder of `basic-auth-user` and `basic-auth-password`. */
  readonly secretMountPath: string;
  /** Somebody said so: the files must be there. */
  readonly isSecretMountPathSet: boolean;
  /** Where a password is made if need be. */
  readonly dataDirectory: string;
}

/** Whether the whole of `/system` stands open, and to whom otherwise. */
export type Gate =
  | { readonly kind: "open" }
  | {
      readonly kind: "closed";
      readonly credentials: Credentials;
      /** Has the password. */
      readonly passwordFile: string;
      /** Has the user's name; `undefined`: it is `MADE_USER`, as the password was made here. */
      readonly userFile: string | undefined;
    };

/** Throws `CREDENTIALS_UNUSABLE`. */
export function readGate(options: GateOptions): Gate {
  const isClosed = options.basicAuth ?? !isLoopback(options.host);
  return isClosed ? { kind: "closed", ...readCredentials(options) } : { kind: "open" };
}

/** What a start should say of it. No password is in it. */
export function describeGate(gate: Gate, { host }: Pick<GateOptions, "host">): string {
  if (gate.kind === "closed") {
    const { passwordFile, userFile } = gate;
    const user = userFile === undefined ? `the user ${MADE_USER}` : `the user in ${userFile}`;
    return `/system asks for ${user} and a password: it is in ${passwordFile}`;
  }
  if (isLoopback(host)) return "/system is open to everybody on this machine";
  return `/system is open to everybody who reaches ${host}: basic_auth=true closes it`;
}

/** Also whom `faas-cli login` means when it is told none. */
const MADE_USER = "admin";
const USER_FILE = "basic-auth-user";
/** Where it is made: below the data directory. */
export const PASSWORD_FILE = "basic-auth-password";

function readCredentials(options: GateOptions) {
  const [userFile, passwordFile] = [USER_FILE, PASSWORD_FILE].map((name) =>
    join(options.secretMountPath, name),
  ) as [string, string];
  const [user, password] = [readSecret(userFile), readSecret(passwordFile)];
  if (user !== undefined && password !== undefined) {
    return { credentials: new Credentials(user, password), passwordFile, userFile };
  }
  const missing = user === undefined ? userFile : passwordFile;
  if (user !== undefined || password !== undefined || options.isSecretMountPathSet) {
    throw unusable(
      `${missing} is not there: /system asks for the user and password in the two files ${USER_FILE} and ${PASSWORD_FILE}`,
    );
  }
  const made = join(options.dataDirectory, PASSWORD_FILE);
  const credentials = new Credentials(MADE_USER, readOrMake(made));
  return { credentials, passwordFile: made, userFile: undefined };
}

/** `undefined`: there is no such file. An empty one would let everybody in who says nothing. */
function readSecret(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unusable(`${path} cannot be read: ${code}`, cause);
  }
  if (text === "") throw unusable(`${path} is empty`);
  return text;
}

function readOrMake(path: string): string {
  const found = readSecret(path);
  if (found !== undefined) return found;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    makePassword(path);
  } catch (cause) {
    throw unusable(`${path} cannot be written: ${(cause as NodeJS.ErrnoException).code}`, cause);
  }
  return readSecret(path) as string;
}

/** Whole or not at all, and the first one's where two start at a time. */
function makePassword(path: string): void {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${randomBytes(24).toString("base64url")}\n`, {
      mode: 0o600,
      flush: true,
    });
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function unusable(message: string, cause?: unknown): BreezeError {
  return new BreezeError("CREDENTIALS_UNUSABLE", `${message}.`, { cause });
}
