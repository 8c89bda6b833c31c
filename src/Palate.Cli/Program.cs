using Palate.Cli;

return await PalateTool.RunAsync(args, Console.Out, Console.Error);
