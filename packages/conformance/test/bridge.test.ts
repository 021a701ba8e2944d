import { test } from "vitest";
import { describeConformance } from "../src/vitest.ts";
import { openGrpcBridge, openWebBridge } from "./support/targets.ts";

describeConformance("Connect through the bridge", () => openWebBridge("connect"));

if (process.env.VECTRON_HEAVY === undefined) {
  test.skip("the other protocols go through the bridge with VECTRON_HEAVY=1", () => undefined);
} else {
  describeConformance("gRPC through the bridge", openGrpcBridge);
  describeConformance("HTTP/JSON through the bridge", () => openWebBridge("json"));
  describeConformance("gRPC-Web through the bridge", () => openWebBridge("grpc-web"));
}
