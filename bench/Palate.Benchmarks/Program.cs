using System.CommandLine;
using BenchmarkDotNet.Running;
using Palate.Benchmarks;
using Palate.Cli;

if (args is ["import-throughput", .. string[] rest])
{
    return ImportBenchmark.Run(rest);
}

if (args is ["constant", .. string[] server])
{
    return ConstantServer.Run(server);
}

if (args is ["request", .. string[] generations])
{
    return RequestProfile.Run(generations);
}

if (args is ["strategies", .. string[] strategies])
{
    return StrategyBenchmark.Run(strategies);
}

if (args is ["curves", .. string[] curves])
{
    return CurvesPage.Run(curves);
}

if (args is ["overhead", .. string[] overhead])
{
    return await OverheadBenchmark.RunAsync(overhead);
}

if (args is ["adapter", .. string[] adapter])
{
    return await AdapterBenchmark.RunAsync(adapter);
}

if (args is ["prefix", .. string[] prefix])
{
    return await PrefixBenchmark.RunAsync(prefix);
}

if (args is ["cache", .. string[] cache])
{
    return await CacheBenchmark.RunAsync(cache);
}

if (args is ["anytime", .. string[] anytime])
{
    return AnytimeBenchmark.Run(anytime);
}

if (args is ["down", .. string[] down])
{
    return await DownBenchmark.RunAsync(down);
}

if (args is ["soak", .. string[] soak])
{
    return await SoakRun.RunAsync(soak);
}

if (args is ["notebook" or "graph", ..])
{
    var common = new CommonOptions();
    var root = new RootCommand("The seeds' experiments.") { common.Json, common.Verbose, new NotebookVerb(common), new GraphVerb(common) };
    return await PalateTool.RunAsync(root, args, Console.Out, Console.Error, CancellationToken.None);
}

BenchmarkSwitcher.FromAssembly(typeof(RequestProfile).Assembly).Run(args);
return 0;
