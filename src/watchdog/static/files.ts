import type { StaticConfig } from "../../config/read-static.ts";
import type { Coding } from "../../http/content-coding.ts";
import { type MediaType, mediaTypeOf } from "../../http/media-types.ts";
import { SNIFFED_BYTES, sniffContentType } from "../../http/sniff.ts";
import { Memory, type SmallFile } from "./memory.ts";
import { type FilePiece, OpenFile } from "./open-file.ts";
import {
  describeFile,
  isSettled,
  type Representation,
  type RepresentationOptions,
} from "./representation.ts";
import { missing, type Pinned, type Root } from "./root.ts";

/** A file to answer with. */
export interface FoundFile {
  readonly kind: "file";
  readonly representation: Representation;
  /** All of it, one character a byte; or a file to be read, and closed by whoever is given it. */
  readonly content: string | OpenFile;
}

/** A file of which nothing is known yet but that it may be served. */
export interface OpenedFile {
  readonly kind: "opened";
  readonly file: OpenFile;
  readonly choice: Choice;
}

/** A name that is that of a folder. */
interface FoundFolder {
  readonly kind: "folder";
}

/** Which file is served for a name. */
interface Choice {
  /** What was asked for; the file's own name has a suffix more where it is coded. */
  readonly name: string;
  readonly type: MediaType | undefined;
  readonly coding: Coding | undefined;
}

/** What reading a file says of it. */
type Known = Pick<RepresentationOptions, "stats" | "size" | "isSettled" | "type">;

/** Up to this a file is read whole, and kept. */
const SMALL_BYTES = 64 * 1024;
/** Without `public`: what was sent for a token (`jwt_auth`) is nobody else's to keep. */
const FOREVER = "max-age=31536000, immutable";
const SUFFIXES: Readonly<Record<Coding, string>> = { br: ".br", zstd: ".zst", gzip: ".gz" };

/** The files of a site, by their names. */
export class Files {
  readonly #root: Root;
  readonly #config: StaticConfig;
  readonly #memory = new Memory();

  constructor(root: Root, config: StaticConfig) {
    this.#root = root;
    this.#config = config;
  }

  /** A file that was read before and is the same by now, in the coding that suits best. */
  recall(name: string, codings: readonly Coding[]): FoundFile | undefined {
    if (!this.#memory.has(name)) return undefined;
    const plain = this.#memory.recall(name, this.#root.look(name));
    if (plain === undefined || !plain.representation.isNegotiated) return toFound(plain);
    for (const coding of codings) {
      const stats = this.#root.look(name + SUFFIXES[coding]);
      if (stats?.isFile()) return toFound(this.#memory.recall(toKey(name, coding), stats));
    }
    return toFound(plain);
  }

  /** Throws as `open` does, and `ENOENT` for what is no file. */
  open(name: string, codings: readonly Coding[]): FoundFile | OpenedFile | FoundFolder {
    using plain = this.#root.pin(name);
    if (plain.stats.isDirectory()) return { kind: "folder" };
    if (!plain.stats.isFile()) throw missing();
    const type = mediaTypeOf(name);
    if (type?.isCompressible) {
      for (const coding of codings) {
        const coded = this.#openCoded({ name, type, coding });
        if (coded !== undefined) return coded;
      }
    }
    return this.#openPinned(plain, { name, type, coding: undefined });
  }

  /** Reads a small file and closes it; of a large one as much as its type takes, and it stays open. */
  load({ file, choice }: OpenedFile, receive: (result: FoundFile | Error) => void): void {
    const { size } = file.stats;
    const isSmall = size <= SMALL_BYTES;
    if (!isSmall && choice.type !== undefined) {
      receive(this.#found(file, choice, choice.type.name));
      return;
    }
    file.read(0, isSmall ? size : SNIFFED_BYTES, (error, piece) => {
      const type = choice.type?.name ?? sniffContentType(piece.bytes);
      if (error === null && !isSmall) {
        receive(this.#found(file, choice, type));
        return;
      }
      file.close();
      receive(error ?? this.#foundSmall(piece, choice, type));
    });
  }

  /** One that is not there is the rule, and one that may not be read is none. */
  #openCoded(choice: Choice & { coding: Coding }): FoundFile | OpenedFile | undefined {
    const codedName = choice.name + SUFFIXES[choice.coding];
    if (this.#root.look(codedName) === undefined) return undefined;
    try {
      using coded = this.#root.pin(codedName);
      return coded.stats.isFile() ? this.#openPinned(coded, choice) : undefined;
    } catch {
      return undefined;
    }
  }

  #openPinned(pinned: Pinned, choice: Choice): FoundFile | OpenedFile {
    const known = this.#memory.recall(toKey(choice.name, choice.coding), pinned.stats);
    if (known !== undefined) return toFound(known);
    return { kind: "opened", file: new OpenFile(pinned.open()), choice };
  }

  #found(file: OpenFile, choice: Choice, type: string): FoundFile {
    const { stats } = file;
    const known = { stats, size: stats.size, isSettled: isSettled(stats), type };
    const representation = this.#describe(known, choice);
    return { kind: "file", representation, content: file };
  }

  #foundSmall({ bytes, stats }: FilePiece, choice: Choice, type: string): FoundFile {
    const known = { stats, size: bytes.length, isSettled: isSettled(stats), type };
    const representation = this.#describe(known, choice);
    const small: SmallFile = { stats, representation, content: bytes.toString("latin1") };
    if (stats.size === bytes.length && known.isSettled) {
      this.#memory.keep(toKey(choice.name, choice.coding), small);
    }
    return toFound(small);
  }

  #describe(known: Known, choice: Choice): Representation {
    const { cacheControl, immutable } = this.#config;
    const isImmutable = immutable !== undefined && `/${choice.name}`.startsWith(immutable);
    return describeFile({
      ...known,
      coding: choice.coding,
      isNegotiated: choice.type?.isCompressible === true,
      cacheControl: isImmutable ? FOREVER : cacheControl,
    });
  }
}

/** No name holds a NUL. */
function toKey(name: string, coding: Coding | undefined): string {
  return coding === undefined ? name : `${name}\0${coding}`;
}

function toFound(file: SmallFile): FoundFile;
function toFound(file: SmallFile | undefined): FoundFile | undefined;
function toFound(file: SmallFile | undefined): FoundFile | undefined {
  if (file === undefined) return undefined;
  return { kind: "file", representation: file.representation, content: file.content };
}
