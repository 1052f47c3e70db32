import { describeProvider } from "../../contract/provider.contract.ts";
import { LOCAL_SUBJECT } from "../../support/start-local-provider.ts";

describeProvider(LOCAL_SUBJECT);
