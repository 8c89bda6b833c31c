using Palate.Storage;

namespace Palate.Cli.Tests;

public sealed class FailureMapTests
{
    public static TheoryData<Exception, int, string> Known => new()
    {
        { new InvalidRequestException("count", "count is 0."), ExitCode.BadInput, "invalid_request" },
        { new ImportException("too many bad rows"), ExitCode.BadInput, "import_failed" },
        { new StoreException("failed"), ExitCode.Failed, "store_failed" },
        { new GenerationException("", "none"), ExitCode.NotFound, "no_generation" },
        { new GenerationException("g1", "There is no generation 'g1'."), ExitCode.NotFound, "generation_unusable" },
        { new GenerationException("g1", "Generation 'g1' is damaged: x."), ExitCode.Damaged, "generation_damaged" },
        { new InvalidDataException("ends too early"), ExitCode.Damaged, "damaged" },
        { new ArgumentException("ranking.hold_outs is 0"), ExitCode.BadInput, "bad_input" },
        { new FormatException("'nope' is not a metric."), ExitCode.BadInput, "bad_input" },
        { new FileNotFoundException("no such file"), ExitCode.NotFound, "not_found" },
        { new UnauthorizedAccessException("denied"), ExitCode.Failed, "denied" },
        { new IOException("disk"), ExitCode.Failed, "io_failed" },
        { new InvalidOperationException("a bug"), ExitCode.Failed, "internal" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Every_exception_has_a_code_an_exit_and_a_remedy(Exception exception, int exit, string code)
    {
        (int exitCode, Failure failure) = FailureMap.Of(exception, isVerbose: false);

        Assert.Equal((exit, code), (exitCode, failure.Code));
        Assert.Equal(exception.Message, failure.Message);
        Assert.NotEqual("", failure.Remedy);
    }

    [Theory]
    [InlineData("share", "The share is above 1. It is 7.")]
    [InlineData(null, "The share is above 1.")]
    public void What_the_framework_adds_for_programmers_is_not_shown(string? parameter, string expected)
    {
        Exception wrong = parameter is null
            ? new ArgumentException("The share is above 1.", nameof(parameter))
            : new ArgumentOutOfRangeException(parameter, 7, "The share is above 1.");

        Assert.Equal(expected, FailureMap.Of(wrong, isVerbose: false).Failure.Message);
    }

    [Fact]
    public void The_stack_of_a_bug_comes_only_when_it_is_asked_for()
    {
        Exception bug = Assert.Throws<InvalidOperationException>(Stumble);

        Assert.DoesNotContain(nameof(Stumble), FailureMap.Of(bug, false).Failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Stumble), FailureMap.Of(bug, true).Failure.Message, StringComparison.Ordinal);
    }

    private static void Stumble() => throw new InvalidOperationException("a bug");
}
