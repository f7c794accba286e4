using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantBuild.OnnxRuntime.Tests.Pipeline;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>The sources that the pipeline has left in a project's output folder, compiled with its models and code that uses them.</summary>
internal sealed class VariantProgram : IDisposable
{
    private readonly AssemblyLoadContext context = new("Variants", isCollectible: true);
    private readonly Type program;

    /// <param name="family">Name of the class's file.</param>
    /// <param name="embedded">Variants whose models are resources.</param>
    /// <param name="methods">Static methods of a class that sees the namespace of the project.</param>
    public VariantProgram(PipelineProject project, string family, IEnumerable<string> embedded, string methods)
    {
        string user = $$"""
            using System;
            using App;
            internal static class Program
            {
            {{methods}}
            }
            """;
        IEnumerable<string> sources = Directory.GetFiles(project.Output(""), "*.g.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText);
        Compilation compilation = GeneratedCode.Compile(LanguageVersion.Latest, NullableContextOptions.Disable, [.. sources, user]);
        (string, byte[])[] resources =
        [
            .. embedded.Select(variant => ($"QuantBuild.{family}.{variant}.onnx", File.ReadAllBytes(project.Output($"{family}.{variant}.onnx")))),
        ];
        using MemoryStream stream = new(GeneratedCode.Emit(compilation, resources));
        program = context.LoadFromStream(stream).GetType("Program")!;
    }

    /// <summary>Calls a method of the program; what it throws comes out as it was thrown.</summary>
    public T Call<T>(string method, params object?[] arguments)
    {
        try
        {
            return (T)program.GetMethod(method)!.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }

    public void Dispose() => context.Unload();
}
