/** SQLite's own code, its extended ones left out. */
const SQLITE_FULL = 13;

/** As the system says it, for what is refused before it is tried. */
export class NoRoom extends Error {
  override readonly name = "NoRoom";
  readonly code = "ENOSPC";
}

/** Whether something could not be written because there is no room on its disk, or none for this user. */
export function isNoRoom(error: unknown): boolean {
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown };
  return errcode === SQLITE_FULL || code === "ENOSPC" || code === "EDQUOT";
}
