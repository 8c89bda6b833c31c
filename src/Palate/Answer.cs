using System.Numerics.Tensors;

namespace Palate;

/// <summary>Reads the answer's items off the final ranking: every stage's score, the sources, the explanation.</summary>
internal sealed class Answer(
    Generation generation,
    Pipeline pipeline,
    Ranking ranking,
    FeatureMatrix? features,
    Func<int, Explanation?>? explainRerank,
    ShapeStage? shaped)
{
    private readonly CandidateSet _candidates = ranking.Candidates;

    /// <summary>The best items, at most the wanted count: the only cut of the whole way.</summary>
    public IReadOnlyList<RecommendedItem> Items(RecommendRequest request)
    {
        int count = Math.Min(request.Count, shaped?.Limit ?? ranking.Order.Length);
        StageColumn[] stages = [.. ranking.Stages.Select(stage => new StageColumn(stage, _candidates.Items))];
        var items = new RecommendedItem[count];
        for (int place = 0; place < count; place++)
        {
            int candidate = ranking.Order[place];
            Item item = generation.Catalog.Items[_candidates.Items[candidate]];
            var scores = new StageScore[stages.Length];
            for (int stage = 0; stage < stages.Length; stage++)
            {
                scores[stage] = stages[stage].Of(candidate);
            }

            Proposal[] proposals = Proposals(candidate);
            items[place] = new RecommendedItem
            {
                ItemId = item.Id,
                Title = item.Title,
                Rank = place + 1,
                Score = scores[^1].Raw,
                Stages = scores,
                Sources = proposals,
                Explanation = request.Explain ? Explain(candidate, scores, proposals) : null,
                Features = request.LogFeatures && features is not null ? FeaturesOf(candidate, features) : null,
            };
        }

        return items;
    }

    private Proposal[] Proposals(int candidate)
    {
        var proposals = new Proposal[_candidates.Proposers(candidate)];
        int next = 0;
        for (int source = 0; source < _candidates.Sources.Count; source++)
        {
            int rank = _candidates.RanksOf(source)[candidate];
            if (rank > 0)
            {
                proposals[next++] = new Proposal(
                    _candidates.Sources[source], rank, _candidates.ScoresOf(source)[candidate]);
            }
        }

        return proposals;
    }

    private Dictionary<string, float> FeaturesOf(int candidate, FeatureMatrix matrix)
    {
        var values = new Dictionary<string, float>(matrix.Features);
        for (int feature = 0; feature < matrix.Features; feature++)
        {
            values.Add(pipeline.Features!.Definitions[feature].Name, matrix[feature][candidate]);
        }

        return values;
    }

    private Explanation Explain(int candidate, StageScore[] scores, Proposal[] proposals)
    {
        var parts = new List<Explanation>
        {
            new("retrieve", scores[0].Raw, $"Proposed by {proposals.Length} of {_candidates.Sources.Count} sources.")
            {
                Parts =
                [
                    .. proposals.Select(proposal => new Explanation(
                        proposal.Source, proposal.Raw, $"Place {proposal.Rank} of what {proposal.Source} proposed.")),
                ],
            },
        };
        if (features is not null)
        {
            parts.Add(ExplainRank(candidate, features, scores));
        }

        if (explainRerank?.Invoke(candidate) is { } judged)
        {
            parts.Add(judged);
        }

        if (shaped is not null)
        {
            parts.Add(shaped.Explain(candidate));
        }

        return new Explanation(scores[^1].Stage, scores[^1].Raw, $"Place {scores[^1].Rank} after {scores[^1].Stage}.")
        {
            Parts = parts,
        };
    }

    private Explanation ExplainRank(int candidate, FeatureMatrix matrix, StageScore[] scores)
    {
        float[] contributions = new float[matrix.Features];
        float bias = pipeline.Ranker!.Explain(matrix, candidate, contributions);
        IReadOnlyList<FeatureDefinition> definitions = pipeline.Features!.Definitions;
        IEnumerable<Explanation> parts = Enumerable.Range(0, contributions.Length)
            .Where(feature => contributions[feature] != 0)
            .OrderByDescending(feature => MathF.Abs(contributions[feature]))
            .ThenBy(feature => feature)
            .Select(feature => new Explanation(
                definitions[feature].Name,
                contributions[feature],
                FormattableString.Invariant($"{matrix[feature][candidate]:G4} {definitions[feature].Unit}: ") +
                definitions[feature].Meaning));
        StageScore rank = scores.First(score => score.Stage == "rank");
        return new Explanation(
            "rank",
            contributions.Sum() + bias,
            $"Place {rank.Rank} by {pipeline.Ranker.Name}; the parts add up to its score.")
        {
            Parts = [new Explanation("bias", bias, "What the ranker gives to every candidate."), .. parts],
        };
    }

    /// <summary>A stage's scores with their range and ranks, worked out once for all items.</summary>
    private sealed class StageColumn
    {
        private readonly RankingStage _stage;
        private readonly float _least;
        private readonly float _range;
        private readonly ReadOnlyMemory<int> _items;

        public StageColumn(RankingStage stage, int[] items)
        {
            _stage = stage;
            _items = items;
            if (items.Length > 0)
            {
                _least = TensorPrimitives.Min<float>(stage.Scores);
                _range = TensorPrimitives.Max<float>(stage.Scores) - _least;
            }
        }

        public StageScore Of(int candidate)
        {
            float raw = _stage.Scores[candidate];
            return new StageScore(
                _stage.Name,
                raw,
                _range > 0 ? (raw - _least) / _range : 0.5f,
                TopK.RankOf(_stage.Scores, _items.Span, candidate));
        }
    }
}
