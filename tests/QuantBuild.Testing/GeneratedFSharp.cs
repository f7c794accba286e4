using FSharp.Compiler.CodeAnalysis;
using FSharp.Compiler.Diagnostics;
using FSharp.Compiler.Text;
using FSharp.Compiler.Tokenization;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Control;
using Microsoft.FSharp.Core;

namespace QuantBuild.Testing;

/// <summary>Reads and compiles generated F# in the process, against everything that the test itself could reference.</summary>
internal static class GeneratedFSharp
{
    public const string RuntimeSymbol = "QUANTBUILD_ONNXRUNTIME";

    private static readonly Lazy<FSharpChecker> checker = new(() => FSharpChecker.Create(
        null, null, null, null, null, null, null, null, null, null, null, null, null, null));

    /// <summary>The kinds of all tokens in order, as numbers (their names are slow to get), comments left out, and the line of each.</summary>
    public static IReadOnlyList<(int Kind, int Line)> Tokens(string source)
    {
        List<(int, int)> tokens = [];
        FSharpLexer.Tokenize(
            SourceText.ofString(source),
            FuncConvert.FromAction<FSharpToken>(token => tokens.Add((token.Kind.Tag, token.Range.StartLine))),
            null, null, null, ListModule.OfSeq([RuntimeSymbol]), null, null, null);
        return tokens;
    }

    /// <summary>Compiles to a library with all warnings as errors, those of documentation comments and of null references among them.</summary>
    /// <returns>What the compiler says, one a line; empty: it compiles cleanly.</returns>
    public static string Compile(bool hasRuntime, string outputFile, params string[] sources)
    {
        string folder = Path.GetDirectoryName(outputFile)!;
        string[] files = [.. sources.Select((source, index) =>
        {
            string file = Path.Combine(folder, $"Source{index}.fs");
            File.WriteAllText(file, source);
            return file;
        })];
        string[] arguments =
        [
            "fsc.exe", "--target:library", "-o:" + outputFile, "--noframework", "--nologo", "--warn:5", "--warnaserror+", "--warnon:3390",
            "--warnon:1182", "--checknulls+", "--deterministic+", .. hasRuntime ? new[] { "--define:" + RuntimeSymbol } : [],
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(assembly => "-r:" + assembly),
            .. files,
        ];
        (FSharpDiagnostic[] diagnostics, FSharpOption<Exception>? failure) =
            FSharpAsync.RunSynchronously(checker.Value.Compile(arguments, null), null, null);
        return string.Join('\n', diagnostics.Select(diagnostic => diagnostic.ToString()).Append(failure?.Value.Message).Where(line => line is not null));
    }
}
