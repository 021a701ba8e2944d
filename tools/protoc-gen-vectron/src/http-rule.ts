import { createRegistry, type DescMethod, getOption, hasOption, type Message } from "@bufbuild/protobuf";
import type { Schema } from "@bufbuild/protoplugin";

/** The HTTP binding of a method. */
export interface HttpBinding {
  readonly httpMethod: string;
  /** The template, `/v1/collections/{name}`. */
  readonly template: string;
  /** Whether the body holds the whole message; without one, the path holds every field. */
  readonly hasBody: boolean;
}

/** The fields of google.api.HttpRule that are read here. */
type HttpRule = Message<"google.api.HttpRule"> & {
  pattern: { case: string; value: string } | { case: undefined };
  body: string;
  additionalBindings: unknown[];
};

/** The HTTP binding of a method, from its `google.api.http` option, if it has one. */
export function httpBinding(schema: Schema, method: DescMethod): HttpBinding | undefined {
  const option = createRegistry(...schema.allFiles).getExtension("google.api.http");
  if (option === undefined || !hasOption(method, option)) return undefined;
  const rule = getOption(method, option) as HttpRule;
  const { pattern, body } = rule;
  const isPlain =
    pattern.case !== undefined && pattern.case !== "custom" && rule.additionalBindings.length === 0;
  if (!isPlain || !["", "*"].includes(body)) {
    throw new Error(`${method.parent.typeName}.${method.name}: HTTP bindings of this form are not supported`);
  }
  return { httpMethod: pattern.case.toUpperCase(), template: pattern.value, hasBody: body === "*" };
}
