/** What `Authorization` says of a user and a password (RFC 7617). */
export function toBasicAuth(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
