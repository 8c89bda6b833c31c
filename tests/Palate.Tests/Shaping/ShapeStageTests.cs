namespace Palate.Tests;

public sealed class ShapeStageTests
{
    private static readonly Lazy<Generation> Trained = new(() => SmallWorld.Train());

    // Somebody of both tastes, so that both kinds are among the candidates.
    private static readonly RecommendRequest Both = new()
    {
        Count = 8,
        Session = [new SessionItem("i0", 4), new SessionItem("i1", 4), new SessionItem("i2", 4), new SessionItem("i3", 4)],
    };

    [Fact]
    public async Task Without_rules_and_shaping_there_is_no_such_stage()
    {
        Recommendation plain = await Ask(Both);
        Recommendation off = await Ask(
            Both with { Shaping = new ShapingOptions { Weight = 0, Attribute = "kind" } },
            new PipelineDefinition("default") { Shaping = new ShapingOptions { Attribute = "kind", Weight = 1 } });

        Assert.DoesNotContain(plain.Items[0].Stages, stage => stage.Stage == "shape");
        Assert.Equal(Ids(plain), Ids(off));
        Assert.Equal(plain.Items.Select(item => item.Score), off.Items.Select(item => item.Score));
    }

    [Fact]
    public async Task Shaping_orders_the_same_candidates_and_only_the_cut_removes_any()
    {
        RecommendRequest all = Both with { Count = 1000 };
        Recommendation plain = await Ask(all);
        foreach (string method in Shapers.Names)
        {
            bool fair = method is "fa-ir" or "exposure" or "exposure-linear" or "parity";
            Recommendation shaped = await Ask(all with
            {
                Shaping = new ShapingOptions
                {
                    Method = method,
                    Weight = 0.7f,
                    Attribute = fair ? "year" : "kind",
                    GroupFrom = fair ? 2000 : null,
                },
            });

            Assert.Equal(Ids(plain).Order(), Ids(shaped).Order());
            Assert.Equal("shape", shaped.Items[0].Stages[^1].Stage);
            float[] scores = [.. shaped.Items.Select(item => item.Score)];
            Assert.Equal(scores.Distinct().OrderDescending(), scores);
        }
    }

    [Fact]
    public async Task A_pipeline_shapes_by_default_and_a_request_can_override_it()
    {
        var definition = new PipelineDefinition("default")
        {
            Shaping = new ShapingOptions { Method = "cap", Attribute = "kind", MostPerValue = 4, Weight = 1 },
        };
        RecommendRequest known = new() { UserId = "u4", Count = 8 };

        Recommendation plain = await Ask(known);
        Recommendation capped = await Ask(known, definition);
        Recommendation mixed = await Ask(
            known with { Shaping = new ShapingOptions { Method = "reverse" } },
            definition with { Shapers = [new Reversing()] });

        Assert.True(Gardens(plain) > 4);
        Assert.Equal(4, Gardens(capped));
        Assert.Equal("shape", mixed.Timings[^2].Stage);
        Assert.NotEqual(Ids(plain)[0], Ids(mixed)[0]);
    }

    [Theory]
    [InlineData(ShaperNeeds.Attribute, "'reverse' goes by an attribute")]
    [InlineData(ShaperNeeds.Groups, "'reverse' is between two groups")]
    public void What_a_shaper_of_ones_own_requires_has_to_be_there(ShaperNeeds needs, string expected)
    {
        var definition = new PipelineDefinition("default")
        {
            Shaping = new ShapingOptions { Method = "reverse" },
            Shapers = [new Reversing(needs)],
        };

        InvalidRequestException wrong = Assert.Throws<InvalidRequestException>(
            () => new Recommender(Trained.Value, TimeProvider.System, definition));

        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_explanation_says_what_moved_an_item_and_adds_up()
    {
        string[] plain = Ids(await Ask(Both with { Count = 1000 }));
        Recommendation answer = await Ask(Both with
        {
            Count = 1000,
            Explain = true,
            Shaping = new ShapingOptions { Attribute = "kind", Weight = 0.6f },
            Rules = new Rules { Pins = [new Pin(plain[9], 2)], Boosts = [new Boost("kind", "engine", 0.3f)] },
        });

        for (int place = 0; place < plain.Length; place++)
        {
            Explanation shape = answer.Items[place].Explanation!.Parts.Single(part => part.Stage == "shape");
            int before = Array.IndexOf(plain, answer.Items[place].ItemId);
            Assert.Equal(before - place, shape.Value);
            Assert.Equal(shape.Value, shape.Parts.Sum(part => part.Value));
        }

        Explanation pinned = answer.Items[1].Explanation!.Parts.Single(part => part.Stage == "shape");
        Assert.Contains(pinned.Parts, part => part is { Stage: "rules", Words: "Pinned to place 2." });
        Assert.Contains(
            answer.Items[0].Explanation!.Parts.Single(part => part.Stage == "shape").Parts,
            part => part.Stage == "mmr" && part.Words.Contains("at weight 0.6", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pin_stands_at_its_rank_also_when_no_source_proposed_it()
    {
        Recommendation answer = await Ask(new RecommendRequest
        {
            UserId = "u4",
            Count = 5,
            Pipeline = "als",
            Rules = new Rules { Pins = [new Pin(Unproposed(), 3)] },
        });

        Assert.Equal(Unproposed(), answer.Items[2].ItemId);
        Assert.Equal(5, answer.Items.Count);
        RuleOutcome outcome = Assert.Single(answer.Rules);
        Assert.True(outcome.Held);
        Assert.Equal("Pinned to place 3.", outcome.Reason);
    }

    [Fact]
    public async Task Conflicts_of_pins_are_settled_and_said()
    {
        int seen = Trained.Value.Matrix.Row(4)[0];
        string[] plain = Ids(await Ask(new RecommendRequest { UserId = "u4", Count = 10 }));
        Recommendation answer = await Ask(new RecommendRequest
        {
            UserId = "u4",
            Count = 6,
            Rules = new Rules
            {
                Exclude = [plain[0]],
                Pins =
                [
                    new Pin(plain[5], 1), new Pin(plain[6], 1), new Pin(plain[0], 2), new Pin("nothing", 3),
                    new Pin($"i{seen}", 4), new Pin(plain[5], 5), new Pin(plain[1], 900),
                ],
            },
        });

        Assert.Equal(plain[5], answer.Items[0].ItemId);
        Assert.Equal(plain[6], answer.Items[1].ItemId);
        Assert.DoesNotContain(plain[0], Ids(answer));
        Assert.DoesNotContain(plain[1], Ids(answer));
        Assert.Equal(6, answer.Items.Count);
        Dictionary<string, RuleOutcome[]> outcomes =
            answer.Rules.GroupBy(outcome => outcome.Subject).ToDictionary(group => group.Key, group => group.ToArray());
        Assert.Contains(outcomes[plain[5]], outcome => outcome.Held);
        Assert.Contains(outcomes[plain[5]], outcome => outcome.Reason.Contains("pinned already", StringComparison.Ordinal));
        Assert.Contains("another pin", Only(outcomes[plain[6]]), StringComparison.Ordinal);
        Assert.Contains("excluded", Only(outcomes[plain[0]]), StringComparison.Ordinal);
        Assert.Contains("does not know", Only(outcomes["nothing"]), StringComparison.Ordinal);
        Assert.Contains("has the item already", Only(outcomes[$"i{seen}"]), StringComparison.Ordinal);
        Assert.Contains("beyond", Only(outcomes[plain[1]]), StringComparison.Ordinal);

        static string Only(RuleOutcome[] own)
        {
            RuleOutcome outcome = Assert.Single(own);
            Assert.False(outcome.Held);
            return outcome.Reason;
        }
    }

    [Fact]
    public async Task A_pin_of_what_the_request_does_not_want_is_not_held()
    {
        Recommendation answer = await Ask(Both with
        {
            Require = new Dictionary<string, IReadOnlyList<string>> { ["kind"] = ["garden"] },
            Rules = new Rules { Pins = [new Pin("i21", 1)] },
        });

        Assert.All(answer.Items, item => Assert.StartsWith("Quiet garden", item.Title, StringComparison.Ordinal));
        Assert.Contains("requires", Assert.Single(answer.Rules).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cap_holds_and_the_answer_is_shorter_rather_than_over_it()
    {
        RuleOutcome outcome;
        Recommendation one = await Ask(Both with { Rules = new Rules { Caps = [new Cap("kind", "garden", 2)] } });
        Recommendation each = await Ask(Both with { Rules = new Rules { Caps = [new Cap("kind", null, 2)] } });

        Assert.Equal(8, one.Items.Count);
        Assert.Equal(2, Gardens(one));
        Assert.True(Assert.Single(one.Rules).Held);
        Assert.Equal(4, each.Items.Count);
        Assert.Equal(2, Gardens(each));
        outcome = Assert.Single(each.Rules);
        Assert.True(outcome.Held);
        Assert.Contains("4 of 8 places", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pin_is_stronger_than_a_cap_and_uses_it_up()
    {
        string[] gardens =
            [.. (await Ask(Both with { Count = 1000 })).Items.Where(IsGarden).Select(item => item.ItemId)];
        Recommendation within = await Ask(Both with
        {
            Rules = new Rules { Pins = [new Pin(gardens[^1], 6)], Caps = [new Cap("kind", "garden", 1)] },
        });
        Recommendation over = await Ask(Both with
        {
            Rules = new Rules
            {
                Pins = [new Pin(gardens[^1], 1), new Pin(gardens[^2], 4)],
                Caps = [new Cap("kind", "garden", 1)],
            },
        });

        Assert.Equal([gardens[^1]], within.Items.Where(IsGarden).Select(item => item.ItemId));
        Assert.Equal(gardens[^1], within.Items[5].ItemId);
        Assert.Equal(2, Gardens(over));
        RuleOutcome cap = over.Rules.Single(outcome => outcome.Rule == "cap");
        Assert.False(cap.Held);
        Assert.Contains("2 items of kind=garden", cap.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pin_moves_up_when_too_little_stands_before_it()
    {
        Recommendation answer = await Ask(Both with
        {
            Rules = new Rules
            {
                Pins = [new Pin("i20", 8)],
                Caps = [new Cap("kind", "garden", 1), new Cap("kind", "engine", 2)],
            },
        });

        Assert.Equal(3, answer.Items.Count);
        Assert.Equal("i20", answer.Items[2].ItemId);
        RuleOutcome pin = answer.Rules.Single(outcome => outcome.Rule == "pin");
        Assert.False(pin.Held);
        Assert.Contains("only 2 items", pin.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Boosts_raise_and_bury()
    {
        Recommendation raised = await Ask(Both with { Rules = new Rules { Boosts = [new Boost("kind", "engine", 1)] } });
        Recommendation buried = await Ask(Both with { Rules = new Rules { Boosts = [new Boost("kind", "engine", -1)] } });
        Recommendation missing = await Ask(Both with { Rules = new Rules { Boosts = [new Boost("smell", "rose", 1)] } });

        Assert.Equal(0, Gardens(raised));
        Assert.Equal(8, Gardens(buried));
        Assert.True(Assert.Single(buried.Rules).Held);
        Assert.False(Assert.Single(missing.Rules).Held);
        Assert.Equal(Ids(await Ask(Both)), Ids(missing));
    }

    [Fact]
    public async Task Everything_together_keeps_the_same_candidates()
    {
        RecommendRequest all = Both with { Count = 1000 };
        string[] plain = Ids(await Ask(all));
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var random = new SeededRandom(seed);
            Recommendation answer = await Ask(all with
            {
                Count = 1000,
                Shaping = new ShapingOptions { Method = "xquad", Attribute = "kind", Weight = (float)random.NextDouble() },
                Rules = new Rules
                {
                    Pins =
                    [
                        .. Enumerable.Range(0, random.Next(6))
                            .Select(_ => new Pin(plain[random.Next(plain.Length)], 1 + random.Next(50))),
                    ],
                    Boosts = [new Boost("kind", "garden", (float)((2 * random.NextDouble()) - 1))],
                    Caps = random.Next(2) == 0 ? [] : [new Cap("kind", "garden", 1 + random.Next(30))],
                },
            });

            string[] got = Ids(answer);
            Assert.Equal(got.Distinct(), got);
            Assert.Subset(plain.ToHashSet(), got.ToHashSet());
            foreach (RuleOutcome pin in answer.Rules.Where(outcome => outcome is { Rule: "pin", Held: true }))
            {
                Assert.Contains(pin.Subject, got);
            }
        }
    }

    [Fact]
    public async Task Options_that_cannot_run_are_refused_with_what_to_do()
    {
        await Refused(new ShapingOptions { Method = "magic" }, "mmr");
        await Refused(new ShapingOptions { Method = "xquad" }, "name one");
        await Refused(new ShapingOptions { Attribute = "smell" }, "kind");
        await Refused(new ShapingOptions { Method = "exposure", Attribute = "kind" }, "group_from");
        await Refused(new ShapingOptions { Method = "exposure", Attribute = "kind", GroupFrom = 3 }, "numbers");
        await Refused(new ShapingOptions { Attribute = "kind", Weight = float.NaN }, "weight");
        await Refused(new ShapingOptions { Attribute = "kind", Weight = 2 }, "weight");
        await Refused(new ShapingOptions { Attribute = "kind", Window = -1 }, "window");

        static async Task Refused(ShapingOptions options, string word)
        {
            InvalidRequestException e =
                await Assert.ThrowsAsync<InvalidRequestException>(() => Ask(Both with { Shaping = options }));
            Assert.Equal("shaping", e.Parameter);
            Assert.Contains(word, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_pipeline_that_cannot_shape_or_has_no_base_fails_at_start_and_is_named()
    {
        Fails(new PipelineDefinition("mine") { Shaping = new ShapingOptions { Attribute = "smell" } }, "smell");
        Fails(new PipelineDefinition("mine") { Base = "magic" }, "magic");

        static void Fails(PipelineDefinition definition, string word)
        {
            InvalidRequestException e = Assert.Throws<InvalidRequestException>(
                () => new Recommender(Trained.Value, TimeProvider.System, definition));
            Assert.Contains("'mine'", e.Message, StringComparison.Ordinal);
            Assert.Contains(word, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rules_out_of_their_limits_are_refused()
    {
        await Refused(new Rules { Pins = [new Pin("i1", 0)] });
        await Refused(new Rules { Pins = [.. Enumerable.Repeat(new Pin("i1", 1), 101)] });
        await Refused(new Rules { Boosts = [new Boost("kind", "garden", float.NaN)] });
        await Refused(new Rules { Boosts = [new Boost("kind", "garden", 1.5f)] });
        await Refused(new Rules { Caps = [new Cap("kind", "garden", 0)] });

        static async Task Refused(Rules rules)
        {
            InvalidRequestException e =
                await Assert.ThrowsAsync<InvalidRequestException>(() => Ask(Both with { Rules = rules }));
            Assert.Equal("rules", e.Parameter);
        }
    }

    [Fact]
    public async Task Similarity_can_come_from_texts_and_from_behaviour()
    {
        foreach (SimilarityKind kind in Enum.GetValues<SimilarityKind>())
        {
            Recommendation answer = await Ask(Both with
            {
                Shaping = new ShapingOptions { Method = "dpp", Weight = 0.9f, Attribute = "kind", Similarity = kind },
            });

            Assert.InRange(Gardens(answer), 1, 7);
        }
    }

    /// <summary>An item that user u4 has not seen and that the pipeline of one source does not rank first.</summary>
    private static string Unproposed() =>
        Enumerable.Range(0, SmallWorld.Items)
            .Where(item => !Trained.Value.Matrix.Row(4).Contains(item))
            .Select(item => $"i{item}")
            .Last();

    private static string[] Ids(Recommendation answer) => [.. answer.Items.Select(item => item.ItemId)];

    private static bool IsGarden(RecommendedItem item) =>
        item.Title.StartsWith("Quiet garden", StringComparison.Ordinal);

    private static int Gardens(Recommendation answer) => answer.Items.Count(IsGarden);

    private static Task<Recommendation> Ask(RecommendRequest request, params PipelineDefinition[] pipelines) =>
        new Recommender(Trained.Value, TimeProvider.System, pipelines).RecommendAsync(request).AsTask();

    private sealed class Reversing(ShaperNeeds requires = ShaperNeeds.None) : Shaper
    {
        public override string Name => "reverse";

        public override ShaperNeeds Requires => requires;

        public override string Explain(ShapingList list, ReadOnlySpan<int> order, int rank) => "is reversed.";

        protected override int Select(ShapingList list, float weight, Span<int> head)
        {
            for (int place = 0; place < head.Length; place++)
            {
                head[place] = list.Count - 1 - place;
            }

            return head.Length;
        }
    }
}
