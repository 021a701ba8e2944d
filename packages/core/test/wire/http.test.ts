import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  authRoutes,
  authService,
  buildPath,
  DecodeError,
  httpStatusFromCode,
  jsonServerCodec,
  routeMatcher,
  STATUS_CODES,
  vectronRouteOf,
  vectronRoutes,
  vectronService,
} from "../../src/wire/index.ts";
import { text } from "./support/arbitrary.ts";

const match = routeMatcher(vectronService, vectronRoutes);
const getRoute = vectronRouteOf(vectronService.get)!;

describe("the path of a request", () => {
  test("is percent-encoded", () => {
    const path = buildPath(getRoute, { collection: "my docs", id: "a:b?#%é" });
    expect(path).toBe("/v1/collections/my%20docs/points/a%3Ab%3F%23%25%C3%A9");
  });

  test("leads a server back to the same fields, through any URL parser", () => {
    const segment = text.filter((value) => !value.includes("/") && value !== "." && value !== "..");
    fc.assert(
      fc.property(segment, segment, (collection, id) => {
        const { pathname } = new URL(`http://localhost${buildPath(getRoute, { collection, id })}`);
        expect(match("GET", pathname)).toMatchObject({
          kind: "found",
          method: vectronService.get,
          fields: { collection, id },
        });
      }),
    );
  });

  test.each(["a/b", "/", ".", ".."])("cannot hold %j", (id) => {
    expect(() => buildPath(getRoute, { collection: "docs", id })).toThrow(
      new RangeError(`id: ${JSON.stringify(id)} cannot be addressed over HTTP`),
    );
  });

  test("cannot hold a lone surrogate", () => {
    expect(() => buildPath(getRoute, { collection: "\ud800", id: "a" })).toThrow(
      /^collection: .* is not well-formed/,
    );
  });
});

describe("a matcher", () => {
  test.each([
    ["POST", "/v1/collections", vectronService.createCollection, {}],
    ["GET", "/v1/collections", vectronService.listCollections, {}],
    ["DELETE", "/v1/collections/docs", vectronService.deleteCollection, { name: "docs" }],
    ["GET", "/v1/collections/docs/status", vectronService.getCollectionStatus, { name: "docs" }],
    ["POST", "/v1/collections/docs/points", vectronService.upsert, { collection: "docs" }],
    ["POST", "/v1/collections/docs/points/search", vectronService.search, { collection: "docs" }],
    ["GET", "/v1/collections/docs/points/", vectronService.get, { collection: "docs", id: "" }],
    ["GET", "/v1/collections//points/a:b", vectronService.get, { collection: "", id: "a:b" }],
    ["GET", "/v1/%63ollections/docs/points/a+b", vectronService.get, { collection: "docs", id: "a+b" }],
    ["PUT", "/v1/user/profile", vectronService.updateUserProfile, {}],
  ] as const)("takes %s %s", (httpMethod, path, method, fields) => {
    expect(match(httpMethod, path)).toMatchObject({ kind: "found", method, fields });
  });

  test("decodes before it splits, so that an encoded slash ends the segment", () => {
    expect(match("GET", "/v1/collections/docs/points/a%2Fb")).toEqual({ kind: "not-found" });
    expect(match("GET", "/v1/collections/docs%2Fpoints%2Fa")).toMatchObject({
      fields: { collection: "docs", id: "a" },
    });
  });

  test("tells a wrong method from a wrong path", () => {
    expect(match("PATCH", "/v1/collections")).toEqual({ kind: "wrong-method" });
    expect(match("GET", "/v1/collections/docs")).toEqual({ kind: "wrong-method" });
    expect(match("GET", "/v1/collections/")).toEqual({ kind: "wrong-method" });
    expect(match("GET", "/v2/collections")).toEqual({ kind: "not-found" });
    expect(match("GET", "/")).toEqual({ kind: "not-found" });
  });

  test.each(["/v1/collections/%", "/v1/collections/%zz", "/v1/collections/%ff"])(
    "finds %s malformed",
    (path) => {
      expect(match("GET", path)).toEqual({ kind: "malformed" });
    },
  );

  test("knows the routes of its own service only", () => {
    const matchAuth = routeMatcher(authService, authRoutes);
    expect(matchAuth("DELETE", "/v1/keys/vkey-1")).toMatchObject({
      method: authService.deleteApiKey,
      fields: { keyPrefix: "vkey-1" },
    });
    expect(matchAuth("GET", "/v1/collections")).toEqual({ kind: "not-found" });
  });
});

describe("a request of body and path", () => {
  const { decodeRequest } = jsonServerCodec(vectronService.search);

  test("takes the fields of the path over those of the body", () => {
    const request = decodeRequest('{"collection":"body","vector":["1.5"],"top_k":3}', { collection: "path" });
    expect(request).toEqual({
      collection: "path",
      vector: Float32Array.of(1.5),
      topK: 3,
      query: "",
      timeoutMs: 0,
      includeVectors: false,
      includeMetadata: false,
    });
  });

  test.each(["", " \n"])("takes the body %j for an empty message", (body) => {
    expect(decodeRequest(body, { collection: "docs" })).toMatchObject({ collection: "docs", topK: 0 });
  });

  test("refuses what is no JSON without quoting it", () => {
    expect(() => decodeRequest("secret", {})).toThrow(DecodeError);
    expect(() => decodeRequest("secret", {})).toThrow(/^the text is not valid JSON$/);
    expect(() => decodeRequest("[]", {})).toThrow(/^expected an object/);
  });

  test("refuses a wrong field of the body even if the path replaces it", () => {
    expect(() => decodeRequest('{"collection":5}', { collection: "docs" })).toThrow(/^collection: /);
  });
});

test("status codes map to HTTP as grpc-gateway maps them", () => {
  expect(STATUS_CODES.map(httpStatusFromCode)).toEqual([
    200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401,
  ]);
});
