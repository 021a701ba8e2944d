import { describe, expect, it } from "vitest";
import { reply } from "../../src/testing/index.ts";
import { bench } from "../support.ts";

describe("feedback and the profile", () => {
  it("send every part of the feedback, the results' ids being those of the items by default", async () => {
    const { client, transport } = bench(() => reply({ success: true, feedbackId: "f-1" }));
    const items = [{ resultId: "a", relevanceScore: 5, clicked: true, position: 2, comment: "good" }];
    expect(await client.submitFeedback({ collection: "docs", items })).toBe("f-1");
    await client.submitFeedback({
      collection: "docs",
      query: "text",
      items: [{ resultId: "a", relevanceScore: 1 }],
      resultIds: ["a", "b"],
      context: { user_id: "u" },
    });
    expect(transport.calls.map(({ message }) => message)).toEqual([
      {
        collection: "docs",
        query: "",
        resultIds: ["a"],
        feedbackItems: [{ resultId: "a", relevanceScore: 5, clicked: true, position: 2, comment: "good" }],
        context: {},
      },
      {
        collection: "docs",
        query: "text",
        resultIds: ["a", "b"],
        feedbackItems: [{ resultId: "a", relevanceScore: 1, clicked: false, position: 0, comment: "" }],
        context: { user_id: "u" },
      },
    ]);
  });

  it.each([
    [
      { id: "u", email: "a@b.co", createdAt: "1700000000", plan: 2, subscriptionStatus: 3 },
      "paid",
      "past-due",
    ],
    [{ id: "u", email: "a@b.co", createdAt: "1700000000", plan: 1, subscriptionStatus: 1 }, "free", "active"],
    [
      { id: "u", email: "a@b.co", createdAt: "1700000000", plan: 99, subscriptionStatus: 0 },
      undefined,
      undefined,
    ],
  ])("read the profile: %j", async (user, plan, subscriptionStatus) => {
    const { client, transport } = bench([reply({ user })]);
    expect(await client.updateUserProfile({ plan: "paid" })).toEqual({
      id: "u",
      email: "a@b.co",
      createdAt: new Date(1_700_000_000_000),
      plan,
      subscriptionStatus,
    });
    expect(transport.calls[0]?.message).toEqual({ plan: 2 });
  });
});
