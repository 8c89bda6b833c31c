namespace Palate.Llm;

/// <summary>A call was not sent because it could cost more than is left.</summary>
public sealed class BudgetExceededException : ModelCallException
{
    /// <summary>A refused call.</summary>
    /// <param name="message">Which budget, how much is left, and what to do.</param>
    /// <param name="resetsIn">When the budget is whole again; null for a request's own, which never is.</param>
    public BudgetExceededException(string message, TimeSpan? resetsIn = null)
        : base(ModelCallFailure.Budget, message, resetsIn)
    {
    }
}
