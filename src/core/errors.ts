/** Every failure this project names: what it means, the exit code it becomes, and its HTTP status where a client sees it. */
export const ERROR_CODES = {
  CONFIG_INVALID: {
    exitCode: 78,
    meaning: "A variable has a value that cannot be used, or is missing.",
  },
  USAGE: { exitCode: 2, meaning: "The command line asks for something that there is not." },
  NOT_THERE: { exitCode: 1, meaning: "What a command was told to work on is not there." },
  PROGRAM_NOT_FOUND: {
    exitCode: 1,
    meaning: "The function's program is not there, or cannot be executed.",
  },
  FOLDER_NOT_FOUND: {
    exitCode: 1,
    meaning: "The folder whose files are to be served is not there, or cannot be read.",
  },
  LISTEN_FAILED: {
    exitCode: 1,
    meaning: "A port could not be listened on: it is busy, or not allowed.",
  },
  LOCK_NOT_WRITABLE: { exitCode: 1, meaning: "The lock file could not be written." },
  KEYS_UNAVAILABLE: {
    exitCode: 1,
    meaning: "The keys that tokens are checked with could not be had.",
  },
  CREDENTIALS_UNUSABLE: {
    exitCode: 1,
    meaning: "The gateway's user and password could not be read, or made.",
  },
  DATA_UNUSABLE: {
    exitCode: 1,
    meaning: "What the gateway keeps could not be read or written, or is a newer version's.",
  },
  PROCESSES_LOST: { exitCode: 1, meaning: "What makes the processes has ended." },
} as const satisfies Record<string, ErrorDescription>;

interface ErrorDescription {
  readonly status?: number;
  readonly exitCode: number;
  readonly meaning: string;
}

export type ErrorCode = keyof typeof ERROR_CODES;

export interface BreezeErrorOptions {
  readonly cause?: unknown;
  /** One line for each thing that is wrong. */
  readonly details?: readonly string[];
}

export class BreezeError extends Error {
  override readonly name: string = "BreezeError";
  readonly code: ErrorCode;
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, options: BreezeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? [];
  }

  get exitCode(): number {
    return ERROR_CODES[this.code].exitCode;
  }

  /** `undefined`: no client ever sees it. */
  get status(): number | undefined {
    const description: ErrorDescription = ERROR_CODES[this.code];
    return description.status;
  }
}
