using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace QuantBuild.Testing;

/// <summary>Compiles generated source in the process, against everything that the test itself could reference.</summary>
internal static class GeneratedCode
{
    private const string Path = "Model.g.cs";

    internal static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(System.IO.Path.PathSeparator)
            .Select(assembly => MetadataReference.CreateFromFile(assembly)),
    ];

    /// <summary>As a project compiles it that references ONNX Runtime: an old language means an old framework.</summary>
    public static CSharpParseOptions Options(LanguageVersion language) => new(
        language,
        DocumentationMode.Diagnose,
        preprocessorSymbols: language < LanguageVersion.CSharp9 ? ["QUANTBUILD_ONNXRUNTIME"] : ["QUANTBUILD_ONNXRUNTIME", "NET5_0_OR_GREATER"]);

    /// <summary>A library with warnings as errors and documentation comments checked.</summary>
    /// <param name="sources">The generated source, and what a user has written beside it.</param>
    public static CSharpCompilation Compile(
        LanguageVersion language, NullableContextOptions nullable, params IEnumerable<string> sources)
    {
        CSharpParseOptions parse = Options(language);
        return CSharpCompilation.Create(
            "Generated",
            sources.Select((source, index) => CSharpSyntaxTree.ParseText(source, parse, index == 0 ? Path : "")),
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, generalDiagnosticOption: ReportDiagnostic.Error, nullableContextOptions: nullable));
    }

    /// <summary>The errors and warnings that the compiler would print, one a line; empty: it compiles cleanly.</summary>
    public static string Problems(Compilation compilation) => string.Join('\n', compilation.GetDiagnostics()
        .Where(diagnostic => diagnostic.Severity >= Microsoft.CodeAnalysis.DiagnosticSeverity.Warning));

    /// <summary>The bytes of the assembly.</summary>
    /// <param name="resources">Name and content of its embedded resources.</param>
    public static byte[] Emit(Compilation compilation, params (string Name, byte[] Content)[] resources)
    {
        using MemoryStream assembly = new();
        var result = compilation.Emit(
            assembly,
            manifestResources: resources.Select(resource =>
                new ResourceDescription(resource.Name, () => new MemoryStream(resource.Content), isPublic: true)));
        return result.Success ? assembly.ToArray() : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }
}
