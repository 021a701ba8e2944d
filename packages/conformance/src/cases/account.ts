import * as assert from "../assert/assert.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { emptyCollection } from "../support/fixtures.ts";

export const accountCases: readonly ConformanceCase[] = [
  {
    id: "account/feedback",
    title: "feedback is acknowledged with an id of its own",
    async run(context) {
      const docs = await emptyCollection(context);
      const ids = [
        await context.client.submitFeedback({
          collection: docs.name,
          items: [{ resultId: "a", relevanceScore: 5 }],
        }),
        await context.client.submitFeedback({
          collection: docs.name,
          query: "which 🐘?",
          items: [
            { resultId: "a", relevanceScore: 1, clicked: true, position: 3, comment: "not this one" },
            { resultId: "b", relevanceScore: 5 },
          ],
          resultIds: ["a", "b", "c"],
          context: { user_id: "u", session_id: "s" },
        }),
      ];
      assert.ok(
        ids.every((id) => typeof id === "string" && id !== ""),
        `an id is empty: ${ids}`,
      );
      assert.ok(ids[0] !== ids[1], `two feedbacks have one id: ${ids[0]}`);
    },
  },
  {
    id: "account/profile",
    title: "the caller's profile is changed and returned",
    needs: ["profile"],
    async run(context) {
      for (const plan of ["paid", "free"] as const) {
        const profile = await context.client.updateUserProfile({ plan });
        assert.equal(profile.plan, plan, "plan");
        assert.ok(profile.id !== "", "the account has no id");
        assert.ok(profile.email.includes("@"), `the account's email is ${profile.email}`);
        assert.ok(profile.createdAt instanceof Date, "createdAt is no Date");
        assert.ok(profile.createdAt.getTime() > 0, `the account is of ${profile.createdAt.getTime()}`);
      }
    },
  },
];
