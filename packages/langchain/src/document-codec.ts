import { InvalidArgumentError, type PayloadCodec } from "@vectron/core";

/** A document as a payload holds it. */
export interface StoredDocument<M> {
  readonly pageContent: string;
  readonly metadata: M;
}

/** Puts a document's text beside its metadata, under a name of its own. */
export function documentCodec<M>(
  contentKey: string,
  metadataCodec: PayloadCodec<M>,
): PayloadCodec<StoredDocument<M>> {
  return {
    async encode(argument, document) {
      const fields = await metadataCodec.encode(`${argument}.metadata`, document?.metadata);
      if (Object.hasOwn(fields, contentKey)) {
        throw new InvalidArgumentError(
          `${argument}.metadata.${contentKey} would overwrite the document's text: rename it, or set contentKey`,
        );
      }
      return { ...fields, [contentKey]: document?.pageContent ?? "" };
    },
    async decode(where, { [contentKey]: pageContent, ...fields }) {
      if (pageContent === undefined) {
        throw new InvalidArgumentError(
          `${where} has no field "${contentKey}" with the document's text: set contentKey to the field that has it`,
        );
      }
      return { pageContent, metadata: await metadataCodec.decode(where, fields) };
    },
  };
}
