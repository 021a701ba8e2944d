import { type DescMethod, getOption, hasOption } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import {
  AuthService as AuthDesc,
  http,
  PlanSchema,
  SubscriptionStatusSchema,
  VectronService as VectronDesc,
} from "@vectron/protobuf-reference";
import { describe, expect, test } from "vitest";
import * as enums from "../../src/gen/vectron/auth/v1/enums.ts";
import {
  authJsonClientCodec,
  authRouteOf,
  authService,
  binaryClientCodec,
  binaryCodec,
  binaryServerCodec,
  jsonServerCodec,
  type MethodDescriptor,
  vectronBinaryClientCodec,
  vectronJsonClientCodec,
  vectronRouteOf,
  vectronService,
} from "../../src/wire/index.ts";
import { codecOf } from "./support/codecs.ts";
import { difference } from "./support/difference.ts";

type Method = MethodDescriptor<object, object>;

const METHODS: readonly (readonly [path: string, method: Method, desc: DescMethod])[] = [
  ...pairs(vectronService, VectronDesc.methods),
  ...pairs(authService, AuthDesc.methods),
];

function pairs(service: object, descs: readonly DescMethod[]): [string, Method, DescMethod][] {
  const methods = Object.values(service) as Method[];
  expect(methods.map((method) => method.name)).toEqual(descs.map((desc) => desc.name));
  return methods.map((method, i) => [method.path, method, descs[i] as DescMethod]);
}

describe.each(METHODS)("%s", (_path, method, desc) => {
  const isAuth = method.service === "vectron.auth.v1.AuthService";

  test("is described as the proto file describes it", () => {
    const { NO_SIDE_EFFECTS, IDEMPOTENT } = MethodOptions_IdempotencyLevel;
    expect(method).toEqual({
      service: desc.parent.typeName,
      name: desc.name,
      path: `/${desc.parent.typeName}/${desc.name}`,
      kind: desc.methodKind === "unary" ? "unary" : "server-stream",
      idempotent: desc.idempotency === NO_SIDE_EFFECTS || desc.idempotency === IDEMPOTENT,
      readOnly: desc.idempotency === NO_SIDE_EFFECTS,
    });
  });

  test("has codecs for its own messages", () => {
    const request = codecOf(desc.input.typeName).empty();
    const reply = codecOf(desc.output.typeName).empty();
    const binary = binaryCodec(method);
    const jsonClient = isAuth ? authJsonClientCodec(method) : vectronJsonClientCodec(method);
    expect(binary.requestSize(request)).toBe(0);
    expect(difference(binary.decodeRequest(new Uint8Array()), request)).toBeUndefined();
    expect(difference(binary.decodeReply(new Uint8Array()), reply)).toBeUndefined();
    expect(binary.encodeReply(reply)).toEqual(new Uint8Array());
    expect(jsonServerCodec(method).decodeRequest("", {})).toEqual(request);
    expect(jsonClient.decodeReply("{}")).toEqual(reply);
    const requestJson = jsonClient.encodeRequest(request);
    expect(Object.keys(JSON.parse(requestJson))).toEqual(desc.input.fields.map((field) => field.jsonName));
    const replyJson = jsonServerCodec(method).encodeReply(reply);
    expect(Object.keys(JSON.parse(replyJson))).toEqual(desc.output.fields.map((field) => field.jsonName));
  });

  test("has the route of its google.api.http rule", () => {
    const route = isAuth ? authRouteOf(method) : vectronRouteOf(method);
    if (!hasOption(desc, http)) {
      expect(route).toBeUndefined();
      return;
    }
    const { pattern, body } = getOption(desc, http);
    const path = route?.path.map((segment) => (typeof segment === "string" ? segment : `{${segment.field}}`));
    expect(`/${path?.join("/")}`).toBe(String(pattern.value).replace("key_prefix", "keyPrefix"));
    expect(route?.httpMethod).toBe(pattern.case?.toUpperCase());
    expect(route?.hasBody).toBe(body === "*");
  });
});

test("a codec is found for a descriptor that was made elsewhere", () => {
  const copy = { ...vectronService.get };
  expect(binaryClientCodec(copy)).toBe(binaryClientCodec(vectronService.get));
  expect(binaryServerCodec(copy)).toBe(binaryServerCodec(vectronService.get));
});

test("a method of another API has no codec", () => {
  const other = { ...vectronService.get, path: "/other.Service/Get" };
  for (const lookUp of [
    binaryClientCodec,
    vectronBinaryClientCodec,
    binaryServerCodec,
    vectronJsonClientCodec,
    authJsonClientCodec,
    jsonServerCodec,
  ]) {
    expect(() => lookUp(other)).toThrow(
      new TypeError("/other.Service/Get is not a method of this version of Vectron's API"),
    );
  }
});

test("the look-ups of one service know nothing of the other's methods", () => {
  const { get } = vectronService;
  const { login } = authService;
  expect(() => vectronBinaryClientCodec(login)).toThrow(TypeError);
  expect(() => vectronJsonClientCodec(login)).toThrow(TypeError);
  expect(() => authJsonClientCodec(get)).toThrow(TypeError);
  expect(vectronRouteOf(login)).toBeUndefined();
  expect(authRouteOf(get)).toBeUndefined();
});

test("enums have the names and numbers of the proto file", () => {
  const byName = (values: readonly { name: string; number: number }[]): object =>
    Object.fromEntries(values.map(({ name, number }) => [name, number]));
  expect({ ...enums }).toEqual({
    PLAN: byName(PlanSchema.values),
    SUBSCRIPTION_STATUS: byName(SubscriptionStatusSchema.values),
  });
});
