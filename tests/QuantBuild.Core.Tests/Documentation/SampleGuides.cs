using static QuantBuild.Core.Tests.Documentation.DiagnosticGuide;

namespace QuantBuild.Core.Tests.Documentation;

/// <summary>Codes about what samples hold, and about classes of the user that give them.</summary>
internal static class SampleGuides
{
    private const string Data = "Data/calibration.npz";

    private static readonly string[] Files = ["CalibrationData", "ValidationData"];

    public static readonly DiagnosticGuide[] All =
    [
        new("QB4027", [Data, 38, 41, "25 %", 300, "conv1_output", "2.1", "4.7"], ["CalibrationData", "RangeEstimator"])
        {
            Background = "Where most values of a layer lie, from the 5 % that are smallest to the 5 % that are largest, is compared between the first three quarters of the "
                + "samples and all of them. Samples in random order hardly move it; the warning comes when more than half of the layers grow.",
            Steps = Python("""
                order = numpy.random.default_rng(0).permutation(len(images))
                numpy.savez_compressed("calibration.npz", image=images[order][:1024], labels=labels[order][:1024])
                """),
        },
        new("QB4028", ["Data/validation.npz", 120, 1000, Data], Files)
        {
            Background = "Up to 65,536 different samples are compared one by one; of more, a part that is drawn by their hashes, and the number is then an estimate.",
            Steps = Python("""
                order = numpy.random.default_rng(0).permutation(len(images))
                numpy.savez_compressed("calibration.npz", image=images[order[:1024]])
                numpy.savez_compressed("validation.npz", image=images[order[1024:3024]])
                """),
        },
        new("QB4029", [Data, "state", 300, " (nothing but zeros)"], ["FixedInputs", .. Files])
        {
            Background = "A state that a program carries from call to call belongs into the samples as it is in the middle of a run, not as it is at the start.",
            Steps = Project("""<QuantizeModel Include="Models/voice.onnx" FixedInputs="sr=16000" />"""),
        },
        new("QB4030", [Data, 24, 1024, ", the last 24 among them"], Files)
        {
            Steps = Python("""
                filled = images.any(axis=(1, 2, 3))
                numpy.savez_compressed("calibration.npz", image=images[filled], labels=labels[filled])
                """),
        },
        new("QB4031", [Data, "image", "before the BatchNormalization 'bn1', values lie 231 times as far from its mean as those of the training did"], Files)
        {
            Steps = Python("""images = images.astype(numpy.float32) / 255     # and what else the training did, such as (x - mean) / std"""),
        },
        new("QB4032", [Data, "2 of 10 classes have less than a tenth of an even share of the 1000 samples, which is 100: 8 (none), 9 (4)"], Files)
        {
            Steps = Python("""print(numpy.bincount(labels, minlength=10))       # samples of each class"""),
        },
        new("QB4033", ["Samples.dll;MyApp.Sample", "it has no type 'MyApp.Sample'. Is 'MyApp.Samples' meant?"], ["DataProvider"])
        {
            Background = "The assembly is read from where the project of the class leaves it. When that project is built before this one, it is there: a reference "
                + "without ReferenceOutputAssembly keeps it out of the program.",
            Steps = Project("""
                <ProjectReference Include="../Samples/Samples.csproj" ReferenceOutputAssembly="false" />
                <QuantizeModel Include="Models/fashion.onnx" DataProvider="../Samples/bin/$(Configuration)/net10.0/Samples.dll;MyApp.Samples" />
                """)
                + "\n\n```csharp\n" + """
                public sealed class Samples
                {
                    public IEnumerable<IReadOnlyDictionary<string, Array>> GetSamples(string path)
                    {
                        foreach (string file in Directory.EnumerateFiles(path, "*.txt").Order(StringComparer.Ordinal))
                            yield return new Dictionary<string, Array> { ["image"] = Read(file), ["labels"] = new[] { 3L } };
                    }
                }
                """ + "\n```",
        },
        new("QB4034", ["Samples.dll;MyApp.Samples", "in sample 17", "System.FormatException: The input string 'x' was not in a correct format. (in MyApp.Samples.Read, Samples.cs, line 12)"],
            ["DataProvider", .. Files])
        {
            Background = "The class runs in a process of its own, in .NET 10, with the folder of the project as its current folder. What it needs from packages has to lie beside "
                + "its assembly, which EnableDynamicLoading does.",
            Steps = Project("""<PropertyGroup><EnableDynamicLoading>true</EnableDynamicLoading></PropertyGroup>"""),
        },
        new("QB4035", ["Samples.dll;MyApp.Samples", 17, " for 'images'", "its array 'image' is null"], ["DataProvider", .. Files])
        {
            Steps = "Random choices need a fixed seed, because samples are enumerated several times:\n\n"
                + "```csharp\nvar random = new Random(1);      // in GetSamples, not in the constructor\n```",
        },
    ];
}
