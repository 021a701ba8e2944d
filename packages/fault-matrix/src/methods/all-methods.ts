import { authMethods } from "./auth-methods.ts";
import { gatewayMethods } from "./gateway-methods.ts";
import type { MethodCase } from "./method-case.ts";

/** Every method, in the order of the document. */
export const allMethods: readonly MethodCase[] = [...gatewayMethods, ...authMethods];
