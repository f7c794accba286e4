using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using QuantBuild.Benchmarks.Builds;

switch (args)
{
    case ["builds" or "gate", .. string[] arguments]:
        if (MeasurementOptions.Parse(arguments) is not { } options)
        {
            Console.Error.WriteLine(MeasurementOptions.Usage);
            return 1;
        }
        return args[0] == "builds" ? BuildsCommand.Run(options) : GateCommand.Run(options);

    case ["gen", var path, var width, var blocks]:
        Console.WriteLine(QuantBuild.Testing.LargeModel.Write(path, int.Parse(width, null), int.Parse(blocks, null)));
        return 0;
    default:
        // In this process, so that nothing is built or restored while it measures.
        // For other vector widths: DOTNET_EnableAVX512=0 and so on.
        IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        return 0;
}
