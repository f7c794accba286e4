using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.VisualBasic;

namespace QuantBuild.Testing;

/// <summary>Compiles generated Visual Basic in the process, against everything that the test itself could reference.</summary>
internal static class GeneratedBasic
{
    /// <param name="hasRuntime">As a project compiles it that references ONNX Runtime.</param>
    public static VisualBasicParseOptions Options(bool hasRuntime = true) => new(
        LanguageVersion.Latest,
        DocumentationMode.Diagnose,
        preprocessorSymbols: hasRuntime ? [new KeyValuePair<string, object>("QUANTBUILD_ONNXRUNTIME", true)] : []);

    /// <summary>A library with warnings as errors, with a root namespace as every project has one.</summary>
    public static VisualBasicCompilation Compile(bool hasRuntime, params IEnumerable<string> sources) => VisualBasicCompilation.Create(
        "Generated",
        sources.Select(source => VisualBasicSyntaxTree.ParseText(source, Options(hasRuntime))),
        GeneratedCode.References,
        new VisualBasicCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            rootNamespace: "Root.Space",
            optionStrict: OptionStrict.On,
            generalDiagnosticOption: ReportDiagnostic.Error));
}
