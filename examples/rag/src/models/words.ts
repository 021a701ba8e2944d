/** Words that are in every text and say nothing of what it is about. */
const STOP_WORDS = new Set(
  "a an and are as at be by can do does for from has have how i if in is it its me my no not of on one or so that the then there they this to was what when where which who why will with you your".split(
    " ",
  ),
);

/** The words of a text that say what it is about, in lower case and without a plural's s. */
export function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.filter((word) => !STOP_WORDS.has(word)).map((word) => word.replace(/(?<=..)s$/, ""));
}
