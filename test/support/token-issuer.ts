import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { onTestFinished } from "vitest";

export interface TestKey {
  readonly id: string;
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** An issuer of tokens as the gateway is one, on a port of its own until the test ends. */
export class TokenIssuer {
  readonly url: string;
  /** As it calls itself. */
  name: string;
  /** What it says are its keys. */
  document: unknown;
  /** What it signs with. */
  key: TestKey;
  /** How often it was asked for its keys. */
  asked = 0;
  /** Answers instead of it. */
  override: RequestListener | undefined;

  private constructor(url: string, key: TestKey) {
    this.url = url;
    this.name = url;
    this.key = key;
    this.document = { keys: [key.publicJwk] };
  }

  static async start(key?: TestKey): Promise<TokenIssuer> {
    const server = createServer((request, response) => {
      if (issuer.override === undefined) issuer.answer(request, response);
      else issuer.override(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const issuer = new TokenIssuer(url, key ?? (await createKey("first")));
    return issuer;
  }

  /** Another key takes the place of the one before. */
  async rotate(id: string): Promise<void> {
    this.key = await createKey(id);
    this.document = { keys: [this.key.publicJwk] };
  }

  /** A token for `ns:fn`, good for an hour, but for what is said otherwise; `undefined` leaves a claim out. */
  async sign(claims: object = {}, key = this.key): Promise<string> {
    const standard = { iss: this.name, aud: this.name, exp: now() + 3600 };
    const all = { ...standard, function: { permissions: ["ns:fn"] }, ...claims };
    const header = { alg: key.algorithm, kid: key.id };
    return await new SignJWT(all).setProtectedHeader(header).sign(key.privateKey);
  }

  /** The variables of a watchdog that lets in who has its tokens for `ns:fn`. */
  get variables(): Readonly<Record<string, string>> {
    return {
      jwt_auth: "true",
      jwt_auth_url: this.url,
      OPENFAAS_NAME: "fn",
      OPENFAAS_NAMESPACE: "ns",
    };
  }

  readonly answer: RequestListener = ({ url }, response) => {
    if (url === "/keys") this.asked++;
    const description = { issuer: this.name, jwks_uri: `${this.url}/keys` };
    const document = url === "/keys" ? this.document : description;
    response.end(JSON.stringify(document));
  };
}

export async function createKey(id: string, algorithm = "ES256"): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid: id, alg: algorithm, use: "sig" };
  return { id, algorithm, privateKey, publicJwk };
}

/** In seconds, as tokens say it. */
export const now = (): number => Math.floor(Date.now() / 1000);

/** The header that carries a token. */
export const bearer = (token: string): string => `Authorization: Bearer ${token}\r\n`;

/** A token made by hand: header, claims, and what stands for a signature. */
export function forge(header: unknown, claims: unknown, signature: string | Buffer = ""): string {
  const parts = [JSON.stringify(header), JSON.stringify(claims), signature];
  return parts.map((part) => Buffer.from(part as string).toString("base64url")).join(".");
}
