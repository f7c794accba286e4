using QuantBuild.OnnxRuntime.Tests.Pipeline;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>The sources that the pipeline has left in a project's output folder, with its models and code that uses them.</summary>
/// <param name="family">Name of the class's file.</param>
/// <param name="embedded">Variants whose models are resources.</param>
/// <param name="methods">Static methods of a class that sees the namespace of the project.</param>
/// <param name="extension">Of the files that are resources.</param>
internal sealed class VariantProgram(PipelineProject project, string family, IEnumerable<string> embedded, string methods, string extension = "onnx")
    : LoadedProgram(
        Directory.GetFiles(project.Output(""), "*.g.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText),
        "App",
        methods,
        embedded.Select(variant => ($"QuantBuild.{family}.{variant}.{extension}", File.ReadAllBytes(project.Output($"{family}.{variant}.{extension}")))));
