/** A `DataView` of the bytes that a writer or reader is at work on, made when it is first needed. */
export function viewOf(state: { readonly bytes: Uint8Array; view: DataView | undefined }): DataView {
  const { bytes } = state;
  state.view ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return state.view;
}
