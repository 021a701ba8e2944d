import { type ListKeyOptions, RecordManager, type UpdateOptions } from "@langchain/core/indexing";

interface Record {
  updatedAt: number;
  groupId: string | null;
}

/** LangChain's own memory of what it has indexed; its clock moves on with every look. */
export class MemoryRecordManager extends RecordManager {
  override lc_namespace = ["test"];
  readonly #records = new Map<string, Record>();
  #now = 0;

  async createSchema(): Promise<void> {}

  async getTime(): Promise<number> {
    return ++this.#now;
  }

  async update(keys: string[], { groupIds }: UpdateOptions = {}): Promise<void> {
    const updatedAt = ++this.#now;
    keys.forEach((key, index) => {
      this.#records.set(key, { updatedAt, groupId: groupIds?.[index] ?? null });
    });
  }

  async exists(keys: string[]): Promise<boolean[]> {
    return keys.map((key) => this.#records.has(key));
  }

  async listKeys({ before = Number.POSITIVE_INFINITY, limit }: ListKeyOptions = {}): Promise<string[]> {
    const old = [...this.#records].filter(([, { updatedAt }]) => updatedAt < before).map(([key]) => key);
    return old.slice(0, limit ?? undefined);
  }

  async deleteKeys(keys: string[]): Promise<void> {
    for (const key of keys) this.#records.delete(key);
  }
}
