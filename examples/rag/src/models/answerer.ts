import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamResult,
} from "@ai-sdk/provider";
import { contentWords } from "./words.ts";

const NO_TOKENS = { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined };
const UNKNOWN = "The passages do not say.";

/**
 * A language model that needs no network: of the numbered passages in the prompt,
 * it quotes the sentence that shares the most words with the question.
 */
export class LocalAnswerer implements LanguageModelV3 {
  readonly specificationVersion = "v3";
  readonly provider = "example";
  readonly modelId = "quoting";
  readonly supportedUrls = {};

  async doGenerate({ prompt }: LanguageModelV3CallOptions): Promise<LanguageModelV3GenerateResult> {
    return {
      content: [{ type: "text", text: quote(textOf(prompt)) }],
      finishReason: { unified: "stop", raw: undefined },
      usage: {
        inputTokens: NO_TOKENS,
        outputTokens: { total: undefined, text: undefined, reasoning: undefined },
      },
      warnings: [],
    };
  }

  async doStream(): Promise<LanguageModelV3StreamResult> {
    throw new Error("this model answers at once: use generateText");
  }
}

function textOf(prompt: LanguageModelV3CallOptions["prompt"]): string {
  const user = prompt.filter((message) => message.role === "user").flatMap((message) => message.content);
  return user.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

function quote(prompt: string): string {
  const [passages = "", question = ""] = prompt.split("Question: ");
  const asked = new Set(contentWords(question));
  let best = { score: 0, answer: UNKNOWN };
  for (const [, number, passage] of passages.matchAll(/^\[(\d+)\] (.*)$/gm)) {
    for (const sentence of passage!.split(/(?<=\.) /)) {
      const score = new Set(contentWords(sentence).filter((word) => asked.has(word))).size;
      if (score > best.score) best = { score, answer: `${sentence} [${number}]` };
    }
  }
  return best.answer;
}
