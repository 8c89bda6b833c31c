using BenchmarkDotNet.Running;

if (args is ["import-throughput", .. string[] rest])
{
    return ImportBenchmark.Run(rest);
}

if (args is ["constant", .. string[] server])
{
    return ConstantServer.Run(server);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
