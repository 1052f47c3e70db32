import {
  closeSync,
  constants,
  type Dirent,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";

/** All names and paths here are latin1: one character is one byte. */
const bytes = (path: string) => Buffer.from(path, "latin1");

/** Something below the site's folder: found once, and then not to be exchanged for something else. */
export interface Pinned extends Disposable {
  readonly stats: Stats;
  /** A descriptor to read the file by. */
  open(): number;
  /** What is in the folder. */
  entries(): readonly Dirent[];
}

/** The folder that is served. Whatever is not in it is not there: links may be followed, but not out of it. */
export class Root {
  readonly path: string;
  readonly #isPinnable: boolean;

  /** `isPinnable`: whether descriptors can be opened anew. */
  constructor(path: string, isPinnable = existsSync("/proc/self/fd")) {
    this.path = path;
    this.#isPinnable = isPinnable;
  }

  /**
   * Follows links, wherever they lead: this only says whether something is still what was pinned before. `undefined`: whoever
   * wants to know why pins it.
   */
  look(name: string): Stats | undefined {
    try {
      return statSync(bytes(`${this.path}/${name}`), { throwIfNoEntry: false });
    } catch {
      return undefined;
    }
  }

  /** Throws as `open` does, and `ENOENT` where it lies outside. */
  pin(name: string): Pinned {
    return this.#isPinnable ? pin(this.path, name) : find(this.path, name);
  }
}

/** Linux: a descriptor that names a file and does not open it, so that no device is touched and no FIFO waited for. */
const O_PATH = 0o10000000;
/** Should it be a device after all. */
const READING = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const AS_ENTRIES = { encoding: "latin1", withFileTypes: true } as const;

/**
 * Everything is asked of descriptors: the folder is pinned, the name looked up from there, and where it has led to is what the
 * kernel says of the descriptor, not what a path says that may mean something else by now. The very same file is then opened.
 */
function pin(folder: string, name: string): Pinned {
  using root = new Pin(folder);
  const file = new Pin(`${root.path}/${name}`);
  try {
    if (!isInside(file.target(), root.target())) throw missing();
    return {
      stats: fstatSync(file.descriptor),
      open: () => openSync(file.path, READING),
      entries: () => readdirSync(file.path, AS_ENTRIES),
      [Symbol.dispose]: () => file[Symbol.dispose](),
    };
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

class Pin implements Disposable {
  readonly descriptor: number;
  /** Leads to what is pinned, whatever its name is by now. */
  readonly path: string;

  constructor(path: string) {
    this.descriptor = openSync(bytes(path), O_PATH);
    this.path = `/proc/self/fd/${this.descriptor}`;
  }

  target(): string {
    return readlinkSync(this.path, "latin1");
  }

  [Symbol.dispose](): void {
    closeSync(this.descriptor);
  }
}

/**
 * Where there is no /proc. What remains: who may exchange folders below the root at the very moment may have a file of somewhere
 * else served.
 */
function find(folder: string, name: string): Pinned {
  const path = realPath(`${folder}/${name}`);
  if (!isInside(path, realPath(folder))) throw missing();
  const stats = statSync(bytes(path));
  return {
    stats,
    open: () => openUnchanged(path, stats),
    entries: () => readdirSync(bytes(path), AS_ENTRIES),
    [Symbol.dispose]() {},
  };
}

function realPath(path: string): string {
  return realpathSync.native(bytes(path), "latin1");
}

function openUnchanged(path: string, { dev, ino }: Stats): number {
  const descriptor = openSync(bytes(path), READING | constants.O_NOFOLLOW);
  const opened = fstatSync(descriptor);
  if (opened.dev === dev && opened.ino === ino) return descriptor;
  closeSync(descriptor);
  throw missing();
}

function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root === "/" ? root : `${root}/`);
}

/** As if it were not there. */
export function missing(): NodeJS.ErrnoException {
  return Object.assign(new Error("there is no such file"), { code: "ENOENT" });
}
