import { describeProvider } from "../../contract/provider.contract.ts";
import { startLocalProvider } from "../../support/start-local-provider.ts";

describeProvider({
  name: "local",
  create: () => startLocalProvider(),
  defaultNamespace: "openfaas-fn",
  image: "functions/alpine:latest",
});
