using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Palate.Cli;

/// <summary>The two ways in which a command speaks: tables for a person, one envelope for a script.</summary>
/// <remarks>Standard output carries the result alone; progress and errors for a person go to standard error.</remarks>
internal sealed class CommandOutput
{
    // Tables on a pipe are for files and logs, where 80 columns would wrap most titles.
    private const int PipedWidth = 120;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly string _command;
    private readonly bool _isJson;
    private readonly TextWriter _output;
    private readonly IAnsiConsole _error;
    private bool _isDone;

    public CommandOutput(string command, bool isJson, TextWriter output, TextWriter error)
    {
        _command = command;
        _isJson = isJson;
        _output = output;
        _error = Console(error, ReferenceEquals(error, System.Console.Error) && !System.Console.IsErrorRedirected);
    }

    /// <summary>Says how it went; the first call counts, as there is one envelope.</summary>
    /// <param name="result">What a script gets.</param>
    /// <param name="show">Draws the same for a person.</param>
    /// <param name="failures">What is wrong all the same; the status is <c>error</c> when there is any.</param>
    public void Result<T>(T result, Action<IAnsiConsole> show, params IReadOnlyList<Failure> failures)
        where T : notnull
    {
        _isDone = true;
        if (_isJson)
        {
            Write(new Envelope(_command, failures.Count == 0 ? "ok" : "error", result, failures));
        }
        else
        {
            bool isTerminal = ReferenceEquals(_output, System.Console.Out) && !System.Console.IsOutputRedirected;
            show(Console(_output, isTerminal));
        }
    }

    /// <summary>Says that the command failed.</summary>
    /// <param name="failures">Why, at least one.</param>
    public void Fail(params IReadOnlyList<Failure> failures)
    {
        if (_isJson && !_isDone)
        {
            _isDone = true;
            Write(new Envelope(_command, "error", null, failures));
            return;
        }

        foreach (Failure failure in failures)
        {
            _error.MarkupLine($"[red]error[/] [grey]{Markup.Escape(failure.Code)}[/]");
            Say(failure.Message);
            Say(failure.Remedy);
        }
    }

    /// <summary>A value as one line of JSON, for results that are lines themselves.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, Json);

    /// <summary>Writes a line for a person, beside the result; a long one is left to the terminal to wrap.</summary>
    public void Say(string line) => _error.Profile.Out.Writer.WriteLine(CleanLines(line));

    /// <summary>Does something long while standard error shows how far it is, when somebody is looking.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="work">Does it; tells the share that is done (negative when unknown) and the present step.</param>
    public T WithProgress<T>(string title, Func<Action<double, string>, T> work) =>
        IsWatched ? Progress().Start(context => work(Report(context, title))) : work((_, _) => { });

    /// <summary>As <see cref="WithProgress"/>, for work that waits.</summary>
    public async Task<T> WithProgressAsync<T>(string title, Func<Action<double, string>, Task<T>> work) => IsWatched
        ? await Progress().StartAsync(context => work(Report(context, title)))
        : await work((_, _) => { });

    private bool IsWatched => _error.Profile.Capabilities.Interactive && _error.Profile.Out.IsTerminal;

    private Progress Progress() => _error.Progress()
        .AutoClear(true)
        .HideCompleted(true)
        .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn());

    private static Action<double, string> Report(ProgressContext context, string title)
    {
        ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: 1);
        task.IsIndeterminate = true;
        return (done, step) =>
        {
            task.IsIndeterminate = done < 0;
            task.Value = Math.Max(0, done);
            task.Description = Markup.Escape($"{title}: {TerminalText.Clean(step)}");
        };
    }

    private static IAnsiConsole Console(TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = PipedWidth;
        }

        return console;
    }

    // Messages of several lines stay so; within a line nothing is active.
    private static string CleanLines(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(TerminalText.Clean));

    private void Write(Envelope envelope)
    {
        _output.WriteLine(JsonSerializer.Serialize(envelope, Json));
        _output.Flush();
    }
}
