using static QuantBuild.Core.Tests.Documentation.DiagnosticGuide;

namespace QuantBuild.Core.Tests.Documentation;

/// <summary>Codes about what the project file says.</summary>
internal static class SettingsGuides
{
    public static readonly DiagnosticGuide[] All =
    [
        new("QB1001", ["QuantBuildMaxAcuracyDrop", "Did you mean QuantBuildMaxAccuracyDrop?"], [])
        {
            Background = "MSBuild itself never complains about a property that nobody reads, so that a misspelt limit would simply not be checked. "
                + "QuantBuild therefore claims the prefix `QuantBuild` in the project file, `Directory.Build.props`, `Directory.Build.targets` and on the "
                + "command line, and all metadata of its items.",
            Steps = Project("""
                <PropertyGroup>
                  <QuantBuildMaxAccuracyDrop>0.01</QuantBuildMaxAccuracyDrop>   <!-- for all models: with the prefix -->
                </PropertyGroup>
                <ItemGroup>
                  <QuantizeModel Include="Models/fashion.onnx" MaxAccuracyDrop="0.01" />   <!-- for one model: without -->
                </ItemGroup>
                """)
                + "\n\nA property of your own that only happens to start with `QuantBuild` needs another name.",
        },
        new("QB1002", ["0,01", "MaxAccuracyDrop", "Did you mean 0.01? Allowed: a number from 0, and up to 1 for shares such as Top1, with a decimal point, for instance 0.01."],
            ["Scheme", "Gate", "MaxAccuracyDrop"])
        {
            Background = "Numbers are written with a decimal point whatever the language of the machine, without thousands separators and without a percent "
                + "sign. Words may be in any case.",
            Steps = Project("""
                <QuantizeModel Include="Models/fashion.onnx" MaxAccuracyDrop="0.01" Gate="Warning" />
                """),
        },
        new("QB1011", ["Variants", "F#"], ["Variants", "Scheme"])
        {
            Background = "The class of a model with variants loads one of several files, tells which one it is, and comes with a class that changes between "
                + "them while the program runs. F# and Visual Basic get the class of one form.",
            Steps = Project("""
                <QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" Scheme="Static" />
                """)
                + "\n\nOr keep `Variants` in a C# library with `Visibility=\"Public\"`, and reference it.",
        },
        new("QB1003", ["WeightType", "Int4", "Allowed: Int8."], ["WeightType", "ActivationType", "Granularity"])
        {
            Background = "The name is reserved, so that a project which relies on it is not built as if it had an effect.",
            Steps = "The last section of [Settings](settings.md#settings-of-later-versions) says for every such setting what serves instead.",
        },
        new("QB1004", ["MaxAccuracyDrop has no effect with Gate=Off: no limit is checked. Remove one of the two."],
            ["Scheme", "Gate", "MaxAccuracyDrop", "MinAccuracy", "CalibrationData"])
        {
            Background = "A setting that would have no effect is refused, because whoever wrote it believes that it has one. Typical pairs: a limit with "
                + "`Gate=Off`; a limit for a model without data, on which nothing can be measured; a choice about 8-bit ranges with a scheme that has none.",
            Steps = "Remove one of the two, or take one model out of what a property says for all:\n\n" + Project("""
                <PropertyGroup>
                  <QuantBuildMaxAccuracyDrop>0.01</QuantBuildMaxAccuracyDrop>
                </PropertyGroup>
                <ItemGroup>
                  <QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" />
                  <QuantizeModel Include="Models/other.onnx" Gate="Off" />   <!-- has no data; the limit does not hold for it -->
                </ItemGroup>
                """),
        },
        new("QB1005", ["CalibrationData", "Data/calibration.npz", "does not exist", "/src/App/Data/calibration.npz"],
            ["CalibrationData", "ValidationData"])
        {
            Background = "File systems of Linux distinguish upper and lower case, so that a path which works on Windows may not work there. A file that a "
                + "target of the build makes has to be there before `QuantizeOnnxModels` runs.",
            Steps = Project("""
                <Target Name="MakeCalibrationData" BeforeTargets="QuantizeOnnxModels">
                  <Exec Command="python make_calibration_data.py" />
                </Target>
                """)
                + "\n\nA file that is in the repository and still missing after a clone may be left out by `.gitignore`, or wait for `git lfs pull`.",
        },
        new("QB1006", ["Models/a/digits.onnx", "Models/b/digits.onnx", "App.Digits", "Give one of them another ClassName or Namespace."],
            ["ClassName", "Namespace"])
        {
            Steps = Project("""
                <QuantizeModel Include="Models/a/digits.onnx" />
                <QuantizeModel Include="Models/b/digits.onnx" ClassName="SmallDigits" />
                """)
                + "\n\nSettings of a model that a wildcard has listed already are changed with `Update`, not with a second `Include`:\n\n"
                + Project("""
                <QuantizeModel Include="Models/*.onnx" />
                <QuantizeModel Update="Models/fashion.onnx" CalibrationData="Data/calibration.npz" />
                """),
        },
        new("QB1007", ["Models/fashion.onnx", "Static"], ["CalibrationData", "Scheme"])
        {
            Background = "To put the numbers that flow between layers into 8 bits, QuantBuild has to know how large they get, and it finds that out by running the "
                + "float model on samples of real input.",
            Steps = "Save a few hundred inputs, preprocessed as the program will do it; the names of the arrays are those of the model's inputs:\n\n"
                + Python("""numpy.savez_compressed("Data/calibration.npz", image=images)   # float32 [300, 1, 28, 28]""") + "\n\n"
                + Project("""<QuantizeModel Include="Models/fashion.onnx" CalibrationData="Data/calibration.npz" />""")
                + "\n\nWithout any data, `Scheme=\"Dynamic\"` suits transformers and recurrent models, and `Scheme=\"WeightOnly\"` makes every model smaller.",
        },
        new("QB1008", [], ["QuantBuildEnabled"])
        {
            Background = "A misspelt item (`QuantiseModel`) is an item of a kind that nobody reads, which MSBuild does not report. The generated classes do not "
                + "exist then, and the compiler's errors about them follow.",
            Steps = Project("""
                <ItemGroup>
                  <QuantizeModel Include="Models/fashion.onnx" />
                </ItemGroup>
                """)
                + "\n\nWhere a reference in `Directory.Build.props` reaches projects without models:\n\n"
                + Project("<QuantBuildEnabled>false</QuantBuildEnabled>"),
        },
        new("QB1009", ["sr", "Models/voice.onnx", " Did you mean 'sample_rate'?", "input, sample_rate, state"], ["FixedInputs"])
        {
            Background = "`FixedInputs` builds a value into the model, and the input is gone from it. As a property, it holds for all models of the project, and "
                + "each of them has to have the input.",
            Steps = Project("""<QuantizeModel Include="Models/voice.onnx" FixedInputs="sample_rate=16000" />"""),
        },
        new("QB1010", ["axes", "Models/voice.onnx", "[0,1", "a bracket is missing"], ["FixedInputs"])
        {
            Steps = Project("""<QuantizeModel Include="Models/voice.onnx" FixedInputs="sample_rate=16000;axes=[0,1];flag=true" />""")
                + "\n\nA single number where the input has a shape fills the whole of it: `state=0` for a state of zeros.",
        },
    ];
}
