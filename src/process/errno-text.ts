import { constants } from "node:os";

/** How Go words what the system answers when a process cannot be started; a number that is not here is worded by it. */
const TEXTS: readonly (readonly [keyof typeof constants.errno, string])[] = [
  ["EPERM", "operation not permitted"],
  ["ENOENT", "no such file or directory"],
  ["EIO", "input/output error"],
  ["E2BIG", "argument list too long"],
  ["ENOEXEC", "exec format error"],
  ["EAGAIN", "resource temporarily unavailable"],
  ["ENOMEM", "cannot allocate memory"],
  ["EACCES", "permission denied"],
  ["EFAULT", "bad address"],
  ["ENOTDIR", "not a directory"],
  ["EISDIR", "is a directory"],
  ["EINVAL", "invalid argument"],
  ["ENFILE", "too many open files in system"],
  ["EMFILE", "too many open files"],
  ["ETXTBSY", "text file busy"],
  ["ENAMETOOLONG", "file name too long"],
  ["ENOSYS", "function not implemented"],
  ["ELOOP", "too many levels of symbolic links"],
];

const textOfNumber = new Map(TEXTS.map(([name, text]) => [constants.errno[name], text]));

/** `no such file or directory` for 2. */
export const toErrnoText = (errno: number): string => textOfNumber.get(errno) ?? `errno ${errno}`;
