using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using QuantBuild.Benchmarks.Adaptive;
using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Costs;
using QuantBuild.Benchmarks.Delivery;
using QuantBuild.Benchmarks.Kernels;
using QuantBuild.Benchmarks.Kills;
using QuantBuild.Benchmarks.Large;
using QuantBuild.Benchmarks.LowBits;
using QuantBuild.Benchmarks.Models;
using QuantBuild.Benchmarks.Reports;
using QuantBuild.Benchmarks.Rivals;
using QuantBuild.Benchmarks.Saturation;
using QuantBuild.Benchmarks.Searches;
using QuantBuild.Benchmarks.Sensitivity;

switch (args)
{
    case ["builds" or "gate", .. string[] arguments]:
        if (MeasurementOptions.Parse(arguments) is not { } options)
        {
            Console.Error.WriteLine(MeasurementOptions.Usage);
            return 1;
        }
        return args[0] == "builds" ? BuildsCommand.Run(options) : GateCommand.Run(options);

    case ["adaptive"]:
        return AdaptiveCommand.Run();

    case ["delivery", .. string[] arguments]:
        return DeliveryCommand.Run(arguments);

    case ["rebuilds"]:
        return RebuildsCommand.Run();

    case ["costs", .. string[] arguments]:
        return CostsCommand.Run(arguments);

    case ["kernels", .. string[] arguments]:
        return KernelsCommand.Run(arguments);

    case ["kills", .. string[] arguments]:
        return KillsCommand.Run(arguments);

    case ["report-screens", .. string[] arguments]:
        return ReportScreensCommand.Run(arguments);

    case ["blocks", .. string[] arguments]:
        return BlocksCommand.Run(arguments);

    case ["models", .. string[] arguments]:
        if (ModelsOptions.Parse(arguments) is not { } table)
        {
            Console.Error.WriteLine(ModelsOptions.Usage);
            return 1;
        }
        return ModelsCommand.Run(table);

    case ["large", .. string[] arguments]:
        return LargeCommand.Run(arguments);

    case ["rivals", .. string[] arguments]:
        if (RivalsOptions.Parse(arguments) is not { } rivals)
        {
            Console.Error.WriteLine(RivalsOptions.Usage);
            return 1;
        }
        return RivalsCommand.Run(rivals);

    case ["forms"]:
        return FormsCommand.Run();

    case ["lowbits", "--large", .. string[] arguments]:
        return LargeLowBits.Run(arguments);

    case ["lowbits", .. string[] arguments]:
        if (LowBitOptions.Parse(arguments) is not { } lowBits)
        {
            Console.Error.WriteLine(LowBitOptions.Usage);
            return 1;
        }
        return LowBitCommand.Run(lowBits);

    case ["saturation", .. string[] arguments]:
        return SaturationCommand.Run(arguments);

    case ["sensitivity", .. string[] arguments]:
        return SensitivityCommand.Run(arguments);

    case ["search", .. string[] arguments]:
        if (SearchesOptions.Parse(arguments) is not { } searches)
        {
            Console.Error.WriteLine(SearchesOptions.Usage);
            return 1;
        }
        return SearchesCommand.Run(searches);

    case ["processors", .. string[] arguments]:
        return ProcessorsCommand.Run(arguments);

    case [SaturationHost.Command, string modelPath, string dataPath, string count]:
        return SaturationHost.Run(modelPath, dataPath, count);

    case [BareFloatSession.Command, string floatPath, string dataPath]:
        return BareFloatSession.Run(floatPath, dataPath);

    case [BareSessions.Command, string floatPath, string quantizedPath, string dataPath]:
        return BareSessions.Run(floatPath, quantizedPath, dataPath);

    default:
        // In this process, so that nothing is built or restored while it measures.
        // For other vector widths: DOTNET_EnableAVX512=0 and so on.
        IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(BuildsCommand).Assembly).Run(args, config);
        return 0;
}
