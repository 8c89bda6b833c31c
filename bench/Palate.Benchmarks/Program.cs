using BenchmarkDotNet.Running;

if (args is ["import-throughput", .. string[] rest])
{
    return ImportBenchmark.Run(rest);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
