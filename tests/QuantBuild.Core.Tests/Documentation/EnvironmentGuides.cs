using static QuantBuild.Core.Tests.Documentation.DiagnosticGuide;

namespace QuantBuild.Core.Tests.Documentation;

/// <summary>Codes about the generated class and the machine that builds.</summary>
internal static class EnvironmentGuides
{
    public static readonly DiagnosticGuide[] All =
    [
        new("QB8001", ["my-model", "name"], ["ClassName", "Namespace"])
        {
            Steps = Project("""<QuantizeModel Include="Models/my-model.onnx" ClassName="MyModel" Namespace="Shop.Models" />"""),
        },
        new("QB8002", ["C++", "QuantBuild.fashion.onnx"], ["Embed"])
        {
            Background = "Classes are generated in C#, F# and Visual Basic.",
        },
        new("QB8003", ["Run", "Models/run.onnx"], ["ClassName"])
        {
            Steps = Project("""<QuantizeModel Include="Models/run.onnx" ClassName="RunModel" />"""),
        },
        new("QB8004", [], [])
        {
            Background = "A project that only carries the model needs no ONNX Runtime: its class has the names and shapes of inputs and outputs as constants, and "
                + "`OpenModel()` gives the bytes. A reference in another project does not count when its assets are private.",
            Steps = "To run the model here:\n\n" + Project("""
                <ItemGroup>
                  <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.29.*" />
                </ItemGroup>
                """) + "\n\nTo carry it only:\n\n" + Project("<NoWarn>$(NoWarn);QB8004</NoWarn>"),
        },
        new("QB8005", [9, "Models/fashion.onnx", "'logits' float32 [batch,10]"], ["Labels"])
        {
            Background = "The names become `Labels` of the generated class, and `Top(k)` gives them with their scores, so there has to be one score for each. "
                + "The names also number classes that the data names: in `labels.csv`, or as sub-folders of pictures. That works for every model, "
                + "one of segmentation or detection too, whose class has no `Top(k)`.",
            Steps = "One name for every score of a classifier:\n\n"
                + Project("""<QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" Labels="Data/classes.txt" />""")
                + "\n\nA model that is no classifier, whose data names classes:\n\n" + Project("<NoWarn>$(NoWarn);QB8005</NoWarn>"),
        },
        new("QB8006", [5_200_000, 4_000_000], ["Labels"]) { Steps = "Identifiers in the file, one a line, and the long names elsewhere:\n\n```text\nn01440764\nn01443537\n```" },
        new("QB8007", ["Models/fashion.onnx", "netstandard2.0"], ["Compression", "Embed"])
        {
            Background = "In a project for several target frameworks the setting can differ between them. A package or an installer that is compressed gains nothing from it.",
            Steps = Project("""<QuantBuildCompression Condition="'$(TargetFramework)' != 'netstandard2.0'">Brotli</QuantBuildCompression>"""),
        },
        new("QB9001", ["Index was outside the bounds of the array.", "obj/Debug/net10.0/quantbuild/quantbuild.log"], [])
        {
            Background = "The log lies beside the quantized model in the `obj` folder and holds the place in QuantBuild's code; it holds no data of yours but names and paths.",
            Steps = "Until it is corrected, `Scheme=\"None\"` embeds the float model as it is:\n\n"
                + Project("""<QuantizeModel Include="Models/fashion.onnx" Scheme="None" />"""),
        },
        new("QB9002", ["exit code 137."], ["QuantBuildMemoryLimit", "SampleLimit"])
        {
            Background = "Exit code 137 on Linux means that the system ended the process, nearly always because memory ran out; containers of build services have little.",
            Steps = "Less memory for the values that are measured, and one project at a time:\n\n"
                + Project("<QuantBuildMemoryLimit>512MiB</QuantBuildMemoryLimit>") + "\n\n" + Shell("dotnet build -m:1"),
        },
        new("QB9003", ["no dotnet in DOTNET_HOST_PATH, the SDK, DOTNET_ROOT or PATH."], ["QuantBuildEnabled"])
        {
            Background = "The work is done by a process of .NET 10, also when Visual Studio builds, whose MSBuild runs on .NET Framework. The project's own target framework may be older.",
            Steps = Shell("dotnet --list-runtimes\nexport DOTNET_HOST_PATH=/usr/share/dotnet/dotnet"),
        },
        new("QB9004", ["obj/Debug/net10.0/quantbuild/fashion.onnx", "There is not enough space on the disk."], [])
        {
            Background = "A program that was built with `Embed=false` and is still running holds the model open, and so do some virus scanners. Writing needs room for the old and the new file.",
        },
        new("QB9005", ["Unable to load shared library 'onnxruntime'"], [])
        {
            Background = "The accuracy is measured with the native library that the project's own package brings, for the machine that builds. Alpine Linux, whose C library is musl, needs a "
                + "build of ONNX Runtime of its own, and packages for GPUs need the driver's libraries.",
            Steps = Project("""<PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.29.*" />"""),
        },
        new("QB9006", ["1.20.1", "1.24"], [])
        {
            Background = "The accuracy is measured with the native library of the project's own package, and the program will load the model with it.",
            Steps = Project("""<PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.29.*" />"""),
        },
        new("QB9007", ["Models/fashion.onnx", "quantbuild.lock.json", "RangeEstimator: 'Auto' is locked, 'MinMax' is what there is now"], ["QuantBuildLockFile", "QuantBuildLockedMode"])
        {
            Background = "The lock file records from what each model was made, what was chosen, and the hash of what ships. A build in locked mode "
                + "(`ContinuousIntegrationBuild=true` where there is such a file, or `QuantBuildLockedMode=true`) ships just that or fails.",
            Steps = "When what differs is wanted:\n\n" + Shell("dotnet build -p:QuantBuildLockedMode=false\ngit add quantbuild.lock.json"),
        },
        new("QB9008", ["Models/fashion.onnx", "conv1"], ["QuantBuildLockFile", "QuantBuildLockedMode"])
        {
            Background = "ONNX Runtime computes with other kernels on processors with other instructions, and the last bits of its results differ. So that such bits decide "
                + "nothing, choices and ranges are taken from the lock file there.",
            Steps = Shell("dotnet build -p:QuantBuildLockedMode=false"),
        },
        new("QB9009", ["Models/fashion.onnx", "x64-avx512-vnni", "x64-avx2"], ["QuantBuildLockFile", "QuantBuildLockedMode"])
        {
            Background = "The lock file stays as it is, so that it does not change with whose machine built last. `-p:QuantBuildLockedMode=false` chooses anew and records that.",
        },
        new("QB9010", ["quantbuild.lock.json"], ["QuantBuildLockFile", "QuantBuildLockedMode"])
        {
            Background = "With `QuantBuildLockedMode` unset, a build without a lock file writes one, and a build in continuous integration goes on without.",
            Steps = Shell("dotnet build -p:QuantBuildLockedMode=false\ngit add quantbuild.lock.json"),
        },
        new("QB9011", ["quantbuild.lock.json", "it holds the marks of a merge conflict"], ["QuantBuildLockFile", "QuantBuildLockedMode"])
        {
            Background = "The file is written by QuantBuild only. After a merge in which both sides changed a model, it is made anew from what the merge gave.",
            Steps = Shell("git checkout --theirs quantbuild.lock.json\ndotnet build -p:QuantBuildLockedMode=false"),
        },
        new("QB9012", ["quantbuild.lock.json", "Read-only file system."], ["QuantBuildLockFile"])
        {
            Background = "The models are as good as with the file; nothing records what was chosen.",
            Steps = Project("<QuantBuildLockFile>false</QuantBuildLockFile>"),
        },
    ];
}
