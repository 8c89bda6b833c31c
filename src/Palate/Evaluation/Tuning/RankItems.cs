namespace Palate;

/// <summary>Ranks the catalog for a user, as one stage of a pipeline does.</summary>
/// <remarks>Called from several threads at once.</remarks>
/// <param name="user">The user's row in the training matrix.</param>
/// <param name="destination">
/// Receives item indices, best first, each once, none of the user's training items; fewer than fit is allowed.
/// </param>
/// <returns>How many were written.</returns>
public delegate int RankItems(int user, Span<int> destination);
