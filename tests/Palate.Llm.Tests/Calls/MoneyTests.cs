using System.Text;
using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

public class MoneyTests
{
    [Fact]
    public void A_price_of_a_millionth_of_a_dollar_for_a_million_tokens_is_not_lost()
    {
        var price = new ModelPrice(input: 0.000001m, output: 0.6m, cachedInput: 0.075m);

        Money cost = price.Cost(new CallUsage(1_000_003, 1_000_000, 0, 1));

        Assert.Equal(3 + (1_000_000L * 75_000) + 600_000, cost.PicoDollars);
    }

    [Fact]
    public void Sums_are_rounded_once_and_half_to_even()
    {
        Assert.Equal(2, new Money(1_500_000).MicroDollars);
        Assert.Equal(2, new Money(2_500_000).MicroDollars);
        Assert.Equal(3, new Money(2_500_001).MicroDollars);
        Assert.Equal("$0.000250", Money.FromMicroDollars(250).ToString());
        Assert.Equal(1.25m, Money.FromMicroDollars(1_250_000).Dollars);
    }

    [Fact]
    public void Money_that_does_not_fit_is_an_error_and_never_wraps() =>
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue) + new Money(1));

    [Fact]
    public void Each_kind_of_token_has_its_price()
    {
        PriceMap prices = Prices("""{ "m": { "input": 2, "cached_input": 0.5, "cache_write": 2.5, "output": 8 } }""");

        Money cost = prices.Find("m")!.Cost(new CallUsage(1000, 600, 100, 50));

        Assert.Equal((300 * 2) + 300 + 250 + 400, cost.MicroDollars);
    }

    [Fact]
    public void Prices_that_are_left_out_are_those_of_the_prompt()
    {
        ModelPrice price = Prices("""{ "m": { "input": 2, "output": 8 } }""").Find("m")!;

        Assert.Equal(2000, price.Cost(new CallUsage(1000, 500, 500, 0)).MicroDollars);
    }

    [Fact]
    public void An_exact_name_goes_before_a_beginning_and_a_longer_one_before_a_shorter()
    {
        PriceMap prices = Prices(
            """
            { "gpt*": { "input": 1, "output": 1 }, "gpt-5*": { "input": 2, "output": 1 }, "gpt-5": { "input": 3, "output": 1 } }
            """);

        Assert.Equal(1, Million("gpt-4"));
        Assert.Equal(2, Million("gpt-5-mini"));
        Assert.Equal(3, Million("gpt-5"));
        Assert.Null(prices.Find("claude"));

        decimal Million(string model) => prices.Find(model)!.Cost(new CallUsage(1_000_000, 0, 0, 0)).Dollars;
    }

    [Theory]
    [InlineData("""{ "m": { "input": 1 } }""", "lacks")]
    [InlineData("""{ "m": { "input": 1, "output": -1 } }""", "output")]
    [InlineData("""{ "m": { "input": 0.0000001, "output": 1 } }""", "finer")]
    [InlineData("""{ "m": { "input": 1, "output": 1, "price": 3 } }""", "price")]
    [InlineData("""{ "m": { "input": 1, "output": 1 }, "m": { "input": 1, "output": 1 } }""", "two prices")]
    [InlineData("""{ "m": 3 }""", "unusable")]
    [InlineData("[]", "unusable")]
    [InlineData("""{ "m": { "input": "x", "output": 1 } }""", "unusable")]
    [InlineData("{", "unusable")]
    public void A_wrong_price_file_says_what_is_wrong(string json, string words)
    {
        var e = Assert.Throws<InvalidDataException>(() => Prices(json));

        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_price_file_that_is_not_there_is_named()
    {
        var e = Assert.Throws<InvalidDataException>(() => PriceMap.Read("/nowhere/prices.json"));

        Assert.Contains("/nowhere/prices.json", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_units_are_priced_by_the_thousand()
    {
        ModelPrice price = Prices("""{ "rerank": { "search_unit": 2 } }""").Find("rerank")!;

        Assert.Equal(2000, price.Cost(new CallUsage(0, 0, 0, 0, 1)).MicroDollars);
    }

    [Fact]
    public void Usage_that_excludes_cached_tokens_is_understood()
    {
        var anthropic = new UsageDetails { InputTokenCount = 10, CachedInputTokenCount = 900, OutputTokenCount = 5 };
        var openAI = new UsageDetails { InputTokenCount = 910, CachedInputTokenCount = 900, OutputTokenCount = 5 };

        Assert.Equal(CallUsage.From(openAI), CallUsage.From(anthropic));
        Assert.Null(CallUsage.From(null));
        Assert.Null(CallUsage.From(new UsageDetails()));
    }

    internal static PriceMap Prices(string json) => PriceMap.Parse(Encoding.UTF8.GetBytes(json));
}
