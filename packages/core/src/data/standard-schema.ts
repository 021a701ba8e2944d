/**
 * The part of Standard Schema (https://standardschema.dev, version 1) that this
 * package uses: zod, valibot, arktype and others implement it.
 */
export interface StandardSchema<T> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<T> | Promise<SchemaResult<T>>;
    /** Carries the types; never set. */
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
  };
}

/** What validating gives: the value, perhaps transformed, or what is wrong with it. */
export type SchemaResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Where an issue is, as the names from the outermost on. */
export function issuePath({ path = [] }: SchemaIssue): readonly PropertyKey[] {
  return path.map((step) => (typeof step === "object" ? step.key : step));
}
