namespace Palate.Llm;

/// <summary>What one request may spend on tokens and money, shared by its calls.</summary>
/// <remarks>
/// Safe to use from any thread. A call first reserves the most that it can use, and afterwards gives back what it did
/// not: so calls that run at once cannot together spend more than there is, as long as each stays within what it
/// reserved.
/// </remarks>
public sealed class RequestBudget
{
    private readonly Lock _lock = new();
    private readonly long _tokens;
    private readonly Money _money;
    private long _usedTokens;
    private long _reservedTokens;
    private Money _usedMoney;
    private Money _reservedMoney;
    private int _calls;

    /// <summary>A budget of so much.</summary>
    /// <param name="tokens">Prompt and reply together; 0 or more.</param>
    /// <param name="money">0 or more.</param>
    public RequestBudget(long tokens, Money money)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        ArgumentOutOfRangeException.ThrowIfNegative(money.PicoDollars);
        _tokens = tokens;
        _money = money;
    }

    /// <summary>The tokens and the money of a request's budget.</summary>
    public static RequestBudget From(Budget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return new RequestBudget(budget.Tokens, Money.FromMicroDollars(budget.MicroDollars));
    }

    /// <summary>Tokens that were used.</summary>
    public long UsedTokens { get { lock (_lock) { return _usedTokens; } } }

    /// <summary>Money that was used, exactly.</summary>
    public Money UsedMoney { get { lock (_lock) { return _usedMoney; } } }

    /// <summary>Calls that were sent.</summary>
    public int Calls { get { lock (_lock) { return _calls; } } }

    /// <summary>Tokens that are neither used nor reserved; negative when a call used more than it reserved.</summary>
    public long RemainingTokens { get { lock (_lock) { return _tokens - _usedTokens - _reservedTokens; } } }

    /// <summary>Money that is neither used nor reserved; negative when a call used more than it reserved.</summary>
    public Money RemainingMoney { get { lock (_lock) { return _money - _usedMoney - _reservedMoney; } } }

    /// <summary>Reserves the most that a call can use; nothing is reserved when that is more than there is.</summary>
    public bool TryReserve(long tokens, Money money)
    {
        lock (_lock)
        {
            if (_usedTokens + _reservedTokens + tokens > _tokens || _usedMoney + _reservedMoney + money > _money)
            {
                return false;
            }

            _reservedTokens += tokens;
            _reservedMoney += money;
            return true;
        }
    }

    /// <summary>Reserves the most that a call can use.</summary>
    /// <exception cref="BudgetExceededException">That is more than there is; nothing is reserved.</exception>
    public void Reserve(long tokens, Money money)
    {
        if (!TryReserve(tokens, money))
        {
            throw new BudgetExceededException(FormattableString.Invariant(
                $"The call may use {tokens} tokens and {money}, but the request has {RemainingTokens} tokens and {RemainingMoney} left; give it more, or ask less."));
        }
    }

    /// <summary>Gives back what was reserved for a call that was not sent.</summary>
    public void Release(long reservedTokens, Money reservedMoney)
    {
        lock (_lock)
        {
            _reservedTokens -= reservedTokens;
            _reservedMoney -= reservedMoney;
        }
    }

    /// <summary>Replaces what a call reserved by what it used.</summary>
    public void Reconcile(long reservedTokens, Money reservedMoney, long usedTokens, Money usedMoney)
    {
        lock (_lock)
        {
            _reservedTokens -= reservedTokens;
            _reservedMoney -= reservedMoney;
            _usedTokens += usedTokens;
            _usedMoney += usedMoney;
            _calls++;
        }
    }
}
