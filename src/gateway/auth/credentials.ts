import { hash, timingSafeEqual } from "node:crypto";

/** Who may do everything. The password cannot be had from it again, and no text of it has it. */
export class Credentials {
  readonly #user: Buffer;
  readonly #password: Buffer;

  constructor(user: string, password: string) {
    this.#user = digest(user);
    this.#password = digest(password);
  }

  /** Whether the value of a header `Authorization` is these (RFC 7617). Takes as long whatever is wrong with it. */
  match(authorization: string): boolean {
    const [, encoded = ""] = /^basic +(\S+)$/i.exec(authorization) ?? [];
    const bytes = Buffer.from(encoded, "base64");
    const colon = bytes.indexOf(":");
    const isUser = timingSafeEqual(this.#user, digest(bytes.subarray(0, Math.max(colon, 0))));
    const isPassword = timingSafeEqual(this.#password, digest(bytes.subarray(colon + 1)));
    return isUser && isPassword && colon >= 0;
  }
}

/** All are of one length, so that comparing them tells nothing of the length of what was meant. */
function digest(secret: string | Uint8Array): Buffer {
  return hash("sha256", secret, "buffer");
}
