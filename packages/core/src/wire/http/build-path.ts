import type { Route } from "./route.ts";

/**
 * The path of a request, percent-encoded, `/v1/collections/my%20docs`.
 *
 * @throws RangeError naming the field, if its value cannot be part of a path:
 * a gateway decodes the whole path before it splits it, so that a slash ends
 * the segment even as `%2F`, and URL parsers resolve `.` and `..` even as `%2E`
 */
export function buildPath<I>(route: Route<keyof I & string>, message: I): string {
  const segments = route.path.map((segment) =>
    typeof segment === "string" ? segment : encodeField(message[segment.field], segment.field),
  );
  return `/${segments.join("/")}`;
}

function encodeField(value: unknown, field: string): string {
  const text = String(value);
  if (text.includes("/") || text === "." || text === "..") {
    throw new RangeError(`${field}: ${JSON.stringify(text)} cannot be addressed over HTTP`);
  }
  try {
    return encodeURIComponent(text);
  } catch {
    throw new RangeError(`${field}: ${JSON.stringify(text)} is not well-formed Unicode`);
  }
}
