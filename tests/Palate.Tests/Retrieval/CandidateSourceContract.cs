namespace Palate.Tests;

/// <summary>The laws of <see cref="ICandidateSource"/>, run for each source.</summary>
public abstract class CandidateSourceContract
{
    private const int Users = 40;
    private const int Items = 30;

    /// <summary>Whether the source needs a history; others also serve strangers.</summary>
    protected virtual bool IsPersonalised => true;

    protected abstract ICandidateSource Fit(InteractionMatrix matrix);


    /// <summary>Loads from the reader; must refuse a damaged file.</summary>
    protected abstract ICandidateSource Load(BinaryReader reader);

    protected abstract void Save(ICandidateSource source, BinaryWriter writer);

    [Fact]
    public void The_same_request_gets_the_same_proposals_twice()
    {
        InteractionMatrix matrix = RandomMatrix(1);
        ICandidateSource source = Fit(matrix);
        for (int user = 0; user < Users; user++)
        {
            Assert.Equal(Propose(source, matrix, user, 10), Propose(source, matrix, user, 10));
        }
    }

    [Fact]
    public void Fitting_twice_gives_the_same_proposals()
    {
        InteractionMatrix matrix = RandomMatrix(2);
        ICandidateSource first = Fit(matrix);
        ICandidateSource second = Fit(matrix);
        for (int user = 0; user < Users; user++)
        {
            Assert.Equal(Propose(first, matrix, user, 10), Propose(second, matrix, user, 10));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Proposals_are_allowed_distinct_and_in_total_order(ulong seed)
    {
        InteractionMatrix matrix = RandomMatrix(seed);
        ICandidateSource source = Fit(matrix);
        for (int user = 0; user < Users; user++)
        {
            ScoredItem[] proposals = Propose(source, matrix, user, 12);
            Assert.NotEmpty(proposals);
            Assert.Equal(proposals.Length, proposals.DistinctBy(proposal => proposal.Item).Count());
            Assert.All(proposals, proposal => Assert.DoesNotContain(proposal.Item, matrix.Row(user).ToArray()));
            Assert.All(proposals, proposal => Assert.True(float.IsFinite(proposal.Score)));
            for (int place = 1; place < proposals.Length; place++)
            {
                Assert.True(proposals[place - 1] > proposals[place]);
            }
        }
    }

    [Fact]
    public void Scores_agree_with_proposals_in_either_order_of_asking()
    {
        InteractionMatrix matrix = RandomMatrix(4);
        ICandidateSource source = Fit(matrix);
        for (int user = 0; user < Users; user++)
        {
            ScoredItem[] proposals = Propose(source, matrix, user, Items);
            int[] items = [.. proposals.Select(proposal => proposal.Item).Order()];
            float[] scores = new float[items.Length];
            using var context = new RetrievalContext(Profile.OfRow(matrix, user), new ItemFilter(Items));
            source.Score(context, items, scores);
            var again = new ScoredItem[Items];
            int count = source.Propose(context, again);
            foreach (ScoredItem proposal in proposals)
            {
                Assert.Equal(proposal.Score, scores[Array.IndexOf(items, proposal.Item)]);
                Assert.Contains(proposal, again[..count]);
            }
        }
    }

    [Fact]
    public void A_stranger_without_history_gets_nothing_from_a_personalised_source()
    {
        InteractionMatrix matrix = RandomMatrix(5);
        ICandidateSource source = Fit(matrix);
        using var context = new RetrievalContext(Stranger([]), new ItemFilter(Items));
        var proposals = new ScoredItem[5];
        Assert.Equal(IsPersonalised ? 0 : 5, source.Propose(context, proposals));
        float[] scores = [7, 7];
        source.Score(context, [0, 1], scores);
        Assert.All(scores, score => Assert.True(IsPersonalised ? score == 0 : score >= 0));
    }

    [Fact]
    public void A_trained_user_without_history_gets_nothing_from_a_personalised_source()
    {
        InteractionMatrix matrix = RandomMatrix(6);
        int[] offsets = [.. matrix.Offsets, matrix.Offsets[^1]];
        var wider = new InteractionMatrix(
            Users + 1, Items, offsets, matrix.Indices, matrix.Values, matrix.Times);
        ICandidateSource source = Fit(wider);
        Assert.Equal(IsPersonalised ? 0 : 4, Propose(source, wider, Users, 4).Length);
    }

    [Fact]
    public void Somebody_unknown_with_a_history_is_served()
    {
        InteractionMatrix matrix = RandomMatrix(7);
        ICandidateSource source = Fit(matrix);
        using var context = new RetrievalContext(Stranger(matrix.Row(3).ToArray()), new ItemFilter(Items));
        var proposals = new ScoredItem[5];
        Assert.Equal(5, source.Propose(context, proposals));
    }

    [Fact]
    public void More_than_the_catalog_gives_at_most_the_allowed_items()
    {
        InteractionMatrix matrix = RandomMatrix(8);
        ScoredItem[] proposals = Propose(Fit(matrix), matrix, 0, 10 * Items);
        Assert.InRange(proposals.Length, 1, Items - matrix.RowCount(0));
    }

    [Fact]
    public void Nothing_is_proposed_when_all_is_blocked_or_no_place_is_given()
    {
        InteractionMatrix matrix = RandomMatrix(9);
        ICandidateSource source = Fit(matrix);
        var filter = new ItemFilter(Items);
        filter.Block([.. Enumerable.Range(0, Items)]);
        using var blocked = new RetrievalContext(Profile.OfRow(matrix, 0), filter);
        Assert.Equal(0, source.Propose(blocked, new ScoredItem[3]));
        using var open = new RetrievalContext(Profile.OfRow(matrix, 0), new ItemFilter(Items));
        Assert.Equal(0, source.Propose(open, []));
    }

    [Fact]
    public void A_catalog_of_one_item_is_served()
    {
        var matrix = InteractionMatrix.Build(2, 1, [0], [0], [1], [5]);
        ICandidateSource source = Fit(matrix);
        using var context = new RetrievalContext(Profile.OfRow(matrix, 0), new ItemFilter(1));
        var proposals = new ScoredItem[3];
        Assert.InRange(source.Propose(context, proposals), 0, 1);
        Assert.Empty(Propose(source, matrix, 0, 3));
    }

    [Fact]
    public void Items_and_users_that_nobody_touched_do_no_harm()
    {
        var matrix = InteractionMatrix.Build(4, 6, [0, 0, 1, 1, 2], [0, 2, 0, 4, 2], [1, 1, 1, 1, 1], [1, 2, 3, 4, 5]);
        ICandidateSource source = Fit(matrix);
        for (int user = 0; user < 4; user++)
        {
            Assert.All(Propose(source, matrix, user, 6), proposal => Assert.True(float.IsFinite(proposal.Score)));
        }
    }

    [Fact]
    public void A_saved_and_loaded_source_proposes_the_same()
    {
        InteractionMatrix matrix = RandomMatrix(10);
        ICandidateSource source = Fit(matrix);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Save(source, writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        ICandidateSource loaded = Load(reader);
        Assert.Equal(stream.Length, stream.Position);
        Assert.Equal(source.Name, loaded.Name);
        using var stranger = new RetrievalContext(Stranger([2, 3, 11]), new ItemFilter(Items));
        using var again = new RetrievalContext(Stranger([2, 3, 11]), new ItemFilter(Items));
        var before = new ScoredItem[10];
        var after = new ScoredItem[10];
        Assert.Equal(source.Propose(stranger, before), loaded.Propose(again, after));
        Assert.Equal(before, after);
        for (int user = 0; user < Users; user++)
        {
            Assert.Equal(Propose(source, matrix, user, 10), Propose(loaded, matrix, user, 10));
        }
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Save(Fit(RandomMatrix(11)), writer);
        byte[] bytes = stream.ToArray();
        foreach (int length in new[] { 0, 3, 4, 7, 9, bytes.Length / 2, bytes.Length - 1 })
        {
            using var cut = new BinaryReader(new MemoryStream(bytes[..length]));
            Assert.Throws<InvalidDataException>(() => Load(cut));
        }

        bytes[0] ^= 0xFF;
        using var foreign = new BinaryReader(new MemoryStream(bytes));
        Assert.Throws<InvalidDataException>(() => Load(foreign));
    }

    [Fact]
    public void Two_tastes_that_never_mix_are_kept_apart()
    {
        Assert.SkipUnless(IsPersonalised, "The source proposes the same to everybody.");

        // Even users take even items, odd users odd ones; of every user one cell is withheld, which is the answer.
        const int Side = 24;
        var users = new List<int>();
        var items = new List<int>();
        for (int user = 0; user < Side; user++)
        {
            for (int item = user % 2; item < Side; item += 2)
            {
                if (item != user)
                {
                    users.Add(user);
                    items.Add(item);
                }
            }
        }

        float[] ones = [.. users.Select(_ => 1f)];
        var matrix = InteractionMatrix.Build(Side, Side, [.. users], [.. items], ones, new long[ones.Length]);
        ICandidateSource source = Fit(matrix);
        for (int user = 0; user < Side; user++)
        {
            Assert.Equal(user, Propose(source, matrix, user, 1)[0].Item);
        }
    }

    protected static InteractionMatrix RandomMatrix(ulong seed)
    {
        var random = new SeededRandom(seed);
        var users = new List<int>();
        var items = new List<int>();
        var values = new List<float>();
        var times = new List<long>();
        for (int user = 0; user < Users; user++)
        {
            int count = 3 + random.Next(10);
            for (int draw = 0; draw < count; draw++)
            {
                users.Add(user);
                items.Add(Math.Min(random.Next(Items), random.Next(Items)));
                values.Add(1 + random.Next(5));
                times.Add(1_000_000 + random.Next(1_000_000));
            }
        }

        return InteractionMatrix.Build(Users, Items, [.. users], [.. items], [.. values], [.. times]);
    }

    protected static Profile Stranger(int[] items) => new(
        -1, items, items.Select(_ => 1f).ToArray(), items.Select(_ => 1_500_000L).ToArray(), isTrained: false);

    protected static ScoredItem[] Propose(ICandidateSource source, InteractionMatrix matrix, int user, int count)
    {
        var filter = new ItemFilter(matrix.Columns);
        filter.Block(matrix.Row(user));
        using var context = new RetrievalContext(Profile.OfRow(matrix, user), filter, time: 2_000_000);
        var proposals = new ScoredItem[count];
        return proposals[..source.Propose(context, proposals)];
    }
}
