import { describe } from "vitest";
import { describeDeployments } from "./provider/deployments.ts";
import { describeLogs } from "./provider/logs.ts";
import { describeNamespaces } from "./provider/namespaces.ts";
import { describeRefusals } from "./provider/refusals.ts";
import { describeScaling } from "./provider/scaling.ts";
import { describeSecrets } from "./provider/secrets.ts";
import type { ProviderSubject } from "./provider/subject.ts";

/** What every provider promises. */
export function describeProvider(subject: ProviderSubject): void {
  describe(`provider: ${subject.name}`, () => {
    describeDeployments(subject);
    describeScaling(subject);
    describeRefusals(subject);
    describeLogs(subject);
    describeSecrets(subject);
    describeNamespaces(subject);
  });
}
