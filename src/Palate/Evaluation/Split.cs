using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Palate;

/// <summary>Interactions divided into those that models may learn from and those that they are judged by.</summary>
/// <remarks>Both parts have the same users and items. Immutable, therefore safe to read from any thread.</remarks>
public sealed class Split
{
    private Split(InteractionMatrix train, InteractionMatrix heldOut, string protocol, int overlap = 0)
    {
        Train = train;
        HeldOut = heldOut;
        Protocol = protocol;
        Overlap = overlap;
        for (int user = 0; user < train.Rows; user++)
        {
            UsersWithHeldOut += heldOut.RowCount(user) > 0 ? 1 : 0;
            UsersWithoutHistory += heldOut.RowCount(user) > 0 && train.RowCount(user) == 0 ? 1 : 0;
        }

        bool[] seen = new bool[train.Columns];
        foreach (int item in train.Indices)
        {
            seen[item] = true;
        }

        HeldOutOfUnseenItems = heldOut.Indices.Count(item => !seen[item]);
    }

    /// <summary>Users x items: what models learn from.</summary>
    public InteractionMatrix Train { get; }

    /// <summary>Users x items: what models are judged by.</summary>
    public InteractionMatrix HeldOut { get; }

    /// <summary>How the division was made, in words, with its parameters.</summary>
    public string Protocol { get; }

    /// <summary>Held-out cells that were dropped because the training part has them too.</summary>
    public int Overlap { get; }

    /// <summary>Users who have something held out.</summary>
    public int UsersWithHeldOut { get; }

    /// <summary>Users who have something held out and nothing to learn from.</summary>
    public int UsersWithoutHistory { get; }

    /// <summary>Held-out cells of items that have no training interaction, which no collaborative model can find.</summary>
    public int HeldOutOfUnseenItems { get; }

    /// <summary>A split that somebody else made.</summary>
    /// <param name="train">Users x items.</param>
    /// <param name="heldOut">As large; cells that are in <paramref name="train"/> too are dropped and counted.</param>
    /// <param name="name">What it is called, for example <c>ml-100k ua</c>.</param>
    public static Split Given(InteractionMatrix train, InteractionMatrix heldOut, string name = "given split")
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(heldOut);
        ArgumentOutOfRangeException.ThrowIfNotEqual(heldOut.Rows, train.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(heldOut.Columns, train.Columns);
        bool[] both = new bool[heldOut.Count];
        for (int user = 0; user < heldOut.Rows; user++)
        {
            for (int cell = heldOut.Offsets[user]; cell < heldOut.Offsets[user + 1]; cell++)
            {
                both[cell] = train.Row(user).BinarySearch(heldOut.Indices[cell]) >= 0;
            }
        }

        int overlap = both.Count(repeated => repeated);
        return new Split(train, overlap == 0 ? heldOut : heldOut.Without(cell => both[cell]), name, overlap);
    }

    /// <summary>Holds out a random share of each user's interactions, at least one of two or more, never all.</summary>
    /// <param name="all">Users x items.</param>
    /// <param name="share">Greater than 0 and less than 1; the number held out is rounded to the nearest.</param>
    /// <param name="seed">Decides which; a user's draw does not depend on the other users.</param>
    public static Split RandomShare(InteractionMatrix all, double share, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(all);
        RequireShare(share);
        bool[] held = new bool[all.Count];
        for (int user = 0; user < all.Rows; user++)
        {
            int count = all.RowCount(user);
            if (count < 2)
            {
                continue;
            }

            int[] cells = [.. Enumerable.Range(all.Offsets[user], count)];
            OfUser(seed, user).Shuffle<int>(cells);
            int wanted = Math.Clamp((int)Math.Round(share * count, MidpointRounding.AwayFromZero), 1, count - 1);
            foreach (int cell in cells.AsSpan(0, wanted))
            {
                held[cell] = true;
            }
        }

        return Divide(all, held, string.Create(
            CultureInfo.InvariantCulture, $"random {share:0.###} of each user's interactions held out, seed {seed}"));
    }

    /// <summary>Holds out a share of the interactions of some users; all others keep everything.</summary>
    /// <param name="all">Users x items.</param>
    /// <param name="users">How many users; they are drawn from those with three interactions or more.</param>
    /// <param name="share">Greater than 0 and less than 1; at least one interaction of a chosen user, never all.</param>
    /// <param name="kind">Which interactions; without times the latest are those of the greatest items.</param>
    /// <param name="seed">Decides which users, and the random interactions.</param>
    public static Split SomeUsers(InteractionMatrix all, int users, double share, HoldOutKind kind, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(all);
        ArgumentOutOfRangeException.ThrowIfLessThan(users, 1);
        RequireShare(share);
        int[] chosen = [.. Enumerable.Range(0, all.Rows).Where(user => all.RowCount(user) >= 3)];
        new SeededRandom(seed).Shuffle<int>(chosen);
        bool[] held = new bool[all.Count];
        foreach (int user in chosen.Take(users))
        {
            int[] cells = [.. Enumerable.Range(all.Offsets[user], all.RowCount(user))];
            if (kind == HoldOutKind.Random)
            {
                OfUser(seed, user).Shuffle<int>(cells);
            }
            else
            {
                Array.Sort(cells, (a, b) => (all.Times[b], b).CompareTo((all.Times[a], a)));
            }

            foreach (int cell in cells.AsSpan(0, Math.Max(1, (int)(share * cells.Length))))
            {
                held[cell] = true;
            }
        }

        return Divide(all, held, string.Create(
            CultureInfo.InvariantCulture,
            $"{share:0.###} of the interactions of {Math.Min(users, chosen.Length)} users held out, seed {seed}"));
    }

    /// <summary>Holds out each user's last interaction by time; of equal times the greater item index is the later.</summary>
    /// <param name="all">Users x items; users with one interaction keep it.</param>
    public static Split LeaveLastOut(InteractionMatrix all)
    {
        ArgumentNullException.ThrowIfNull(all);
        RequireTimes(all);
        bool[] held = new bool[all.Count];
        for (int user = 0; user < all.Rows; user++)
        {
            int last = all.Offsets[user];
            for (int cell = last; cell < all.Offsets[user + 1]; cell++)
            {
                last = all.Times[cell] >= all.Times[last] ? cell : last;
            }

            if (all.RowCount(user) > 1)
            {
                held[last] = true;
            }
        }

        return Divide(all, held, "leave one out: each user's last interaction held out");
    }

    /// <summary>Holds out one random interaction of each user who has at least two.</summary>
    public static Split LeaveRandomOut(InteractionMatrix all, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(all);
        bool[] held = new bool[all.Count];
        for (int user = 0; user < all.Rows; user++)
        {
            if (all.RowCount(user) > 1)
            {
                held[all.Offsets[user] + OfUser(seed, user).Next(all.RowCount(user))] = true;
            }
        }

        return Divide(all, held, string.Create(
            CultureInfo.InvariantCulture, $"leave one out: one random interaction of each user held out, seed {seed}"));
    }

    /// <summary>Holds out everything from a moment on, as a model meets it that is trained at that moment.</summary>
    /// <param name="all">Users x items.</param>
    /// <param name="cut">Unix second; an interaction at this time or later is held out.</param>
    public static Split Temporal(InteractionMatrix all, long cut)
    {
        ArgumentNullException.ThrowIfNull(all);
        RequireTimes(all);
        bool[] held = [.. all.Times.Select(time => time >= cut)];
        return Divide(all, held, string.Create(
            CultureInfo.InvariantCulture,
            $"temporal: everything from {DateTimeOffset.FromUnixTimeSeconds(cut):yyyy-MM-dd HH:mm:ss}Z on held out"));
    }

    /// <summary>Holds out the latest share of all interactions, everything from one moment on.</summary>
    /// <param name="all">Users x items.</param>
    /// <param name="share">
    /// Greater than 0 and less than 1. All interactions of the moment of the cut are held out, so it can be a little more.
    /// </param>
    public static Split TemporalShare(InteractionMatrix all, double share)
    {
        ArgumentNullException.ThrowIfNull(all);
        RequireShare(share);
        RequireTimes(all);
        long[] times = [.. all.Times.Order()];
        return Temporal(all, times[Math.Min((int)((1 - share) * times.Length), times.Length - 1)]);
    }

    /// <summary>The SHA-256 of both parts in hexadecimal: two results are comparable only when it is the same.</summary>
    public string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (InteractionMatrix part in new[] { Train, HeldOut })
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>(new[] { part.Rows, part.Columns }));
            hash.AppendData(MemoryMarshal.AsBytes(part.Offsets.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(part.Indices.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(part.Values.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(part.Times.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Split Divide(InteractionMatrix all, bool[] held, string protocol) =>
        new(all.Without(cell => held[cell]), all.Without(cell => !held[cell]), protocol);

    // An odd multiplier other than SplitMix64's own step, so that neighbouring users share no state.
    private static SeededRandom OfUser(ulong seed, int user) => new(seed ^ ((ulong)user + 1) * 0xD1342543DE82EF95);

    private static void RequireShare(double share)
    {
        if (!(share is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(share), share, "The share to hold out must be greater than 0 and less than 1, for example 0.2.");
        }
    }

    private static void RequireTimes(InteractionMatrix all)
    {
        if (all.Count > 0 && !all.Times.AsSpan().ContainsAnyExcept(0L))
        {
            throw new ArgumentException(
                "A split by time needs times, and every interaction has time 0; use a random split.", nameof(all));
        }
    }
}
