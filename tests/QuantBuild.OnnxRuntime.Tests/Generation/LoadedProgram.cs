using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>Generated sources with their models and code that uses them, compiled, loaded and ready to be called.</summary>
internal abstract class LoadedProgram : IDisposable
{
    private readonly AssemblyLoadContext context = new("Generated", isCollectible: true);
    private readonly Type program;

    /// <param name="space">Namespace of the generated class.</param>
    /// <param name="methods">Static methods of a class that sees that namespace.</param>
    /// <param name="resources">Name and content of each.</param>
    protected LoadedProgram(IEnumerable<string> sources, string space, string methods, IEnumerable<(string, byte[])> resources)
    {
        string user = $$"""
            using System;
            using System.Linq;
            using Microsoft.ML.OnnxRuntime;
            using {{space}};
            internal static class Program
            {
            {{methods}}
            }
            """;
        Compilation compilation = GeneratedCode.Compile(LanguageVersion.Latest, NullableContextOptions.Disable, [.. sources, user]);
        using MemoryStream stream = new(GeneratedCode.Emit(compilation, [.. resources]));
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
